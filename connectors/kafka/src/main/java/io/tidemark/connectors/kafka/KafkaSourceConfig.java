package io.tidemark.connectors.kafka;

import io.tidemark.api.secret.Secret;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the options of a Kafka source say, checked. Read once at start by {@link KafkaOptionParser}.
 *
 * @param allowRewind whether, where loss is allowed, a log that was cut is read again from where it was cut
 * @param dropsBadRecords whether records that the query cannot use are left out; otherwise they end it
 * @param maxTriggerDelay how long {@code minOffsetsPerTrigger} may hold a batch back
 * @param pollTimeout how long a task waits for a record that has to be there
 * @param fetchAttempts how often the driver asks in all before it believes a bad answer
 * @param deadline how long one question to the cluster may take
 * @param slowCall from where on a call to the cluster counts as slow
 * @param clientSettings the {@code kafka.*} options without that prefix, names in lower case
 */
record KafkaSourceConfig(
        Subscription subscription,
        StartingPosition start,
        StartingPosition.NoRecord noRecordAtTimestamp,
        boolean failOnDataLoss,
        boolean allowRewind,
        boolean dropsBadRecords,
        OptionalLong maxOffsetsPerTrigger,
        OptionalLong minOffsetsPerTrigger,
        Duration maxTriggerDelay,
        OptionalLong minPartitions,
        OptionalLong maxRecordsPerPartition,
        boolean includeHeaders,
        Duration pollTimeout,
        int fetchAttempts,
        Duration fetchRetryInterval,
        Duration deadline,
        Duration slowCall,
        SortedMap<String, Secret> clientSettings) {
    /** Returns where the cluster is, for messages. */
    String servers() {
        return setting("bootstrap.servers").orElse("");
    }

    boolean readCommitted() {
        return setting("isolation.level").orElse("").equalsIgnoreCase("read_committed");
    }

    /** Returns what the user said about a setting of the client. */
    Optional<String> setting(String name) {
        return Optional.ofNullable(clientSettings.get(name)).map(Secret::reveal);
    }

    /** Returns a new map of all of them, for the client itself. */
    Map<String, Object> revealed() {
        Map<String, Object> settings = new TreeMap<>();
        clientSettings.forEach((name, value) -> settings.put(name, value.reveal()));
        return settings;
    }

    /** Leaves out the settings: what can be said of them stands in messages that need it. */
    @Override
    public String toString() {
        return subscription + " at " + servers();
    }
}
