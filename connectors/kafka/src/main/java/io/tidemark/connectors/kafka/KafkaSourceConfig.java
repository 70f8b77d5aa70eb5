package io.tidemark.connectors.kafka;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * What the options of a Kafka source say, checked. Read once at start by {@link KafkaOptionParser}.
 *
 * @param maxTriggerDelay how long {@code minOffsetsPerTrigger} may hold a batch back
 * @param pollTimeout how long a task waits for a record that has to be there
 * @param fetchAttempts how often the driver asks in all before it believes a bad answer
 * @param deadline how long one question of the driver to the cluster may take
 * @param clientSettings the {@code kafka.*} options without that prefix, names in lower case; holds secrets
 */
record KafkaSourceConfig(
        Subscription subscription,
        StartingPosition start,
        StartingPosition.NoRecord noRecordAtTimestamp,
        boolean failOnDataLoss,
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
        SortedMap<String, String> clientSettings) {
    /** Returns where the cluster is, for messages. */
    String servers() {
        return clientSettings.getOrDefault("bootstrap.servers", "");
    }

    boolean readCommitted() {
        return clientSettings.getOrDefault("isolation.level", "").equalsIgnoreCase("read_committed");
    }

    /** Leaves out the settings, which hold secrets. */
    @Override
    public String toString() {
        return subscription + " at " + servers();
    }
}
