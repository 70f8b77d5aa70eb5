package io.tidemark.connectors.kafkabroker;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Makes and changes topics of a broker, and waits until clients see the change. Every call ends within half a minute or
 * throws {@link IllegalStateException}. Safe for use by many threads.
 */
public final class KafkaTopics implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Admin admin;

    public KafkaTopics(String bootstrapServers) {
        admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    /** Makes a topic and waits until it has leaders. */
    public void create(String topic, int partitions) {
        create(topic, partitions, Map.of());
    }

    /** Makes a topic with settings such as {@code cleanup.policy} and waits until it has leaders. */
    public void create(String topic, int partitions, Map<String, String> settings) {
        NewTopic wanted = new NewTopic(topic, partitions, (short) 1).configs(new TreeMap<>(settings));
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!tryCreate(wanted)) {
            pause(end, "the broker is still fenced off");
        }
        awaitPartitions(topic, partitions);
    }

    /** A broker that was frozen or just came up takes a moment until it may hold partitions again. */
    private boolean tryCreate(NewTopic wanted) {
        try {
            get(admin.createTopics(List.of(wanted)).all());
            return true;
        } catch (IllegalStateException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause().getCause();
            if (cause instanceof InvalidReplicationFactorException) {
                return false;
            }
            throw e;
        }
    }

    /** Deletes a topic and waits until it is gone. */
    public void delete(String topic) {
        get(admin.deleteTopics(List.of(topic)).all());
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (exists(topic)) {
            pause(end, "topic " + topic + " is still there");
        }
    }

    /** Raises the number of partitions to {@code total}. */
    public void addPartitions(String topic, int total) {
        get(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(total)))
                .all());
        awaitPartitions(topic, total);
    }

    /** Deletes the records below {@code before}, so that the partition starts there. */
    public void deleteRecords(String topic, int partition, long before) {
        get(admin.deleteRecords(Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(before)))
                .all());
    }

    /** Returns whether the topic exists. */
    public boolean exists(String topic) {
        try {
            admin.describeTopics(List.of(topic)).allTopicNames().get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw failed(e);
        } catch (TimeoutException e) {
            throw failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(e);
        }
    }

    /** Returns the offset of the first record that is still there. */
    public long earliest(String topic, int partition) {
        return offset(topic, partition, OffsetSpec.earliest());
    }

    /** Returns the offset behind the last record. */
    public long latest(String topic, int partition) {
        return offset(topic, partition, OffsetSpec.latest());
    }

    private long offset(String topic, int partition, OffsetSpec spec) {
        TopicPartition tp = new TopicPartition(topic, partition);
        return get(admin.listOffsets(Map.of(tp, spec)).partitionResult(tp)).offset();
    }

    private void awaitPartitions(String topic, int partitions) {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!hasLeaders(topic, partitions)) {
            pause(end, "topic " + topic + " does not have " + partitions + " partitions with a leader");
        }
        awaitReady(topic, partitions);
    }

    /**
     * Waits until the leaders know that they lead, which the topic's description does not tell. Where a producer's first
     * batch is too early and its second is not, the first can never be written, and is tried in vain until it expires
     * (KAFKA-14359).
     */
    private void awaitReady(String topic, int partitions) {
        Map<TopicPartition, OffsetSpec> ends = new LinkedHashMap<>();
        for (int p = 0; p < partitions; p++) {
            ends.put(new TopicPartition(topic, p), OffsetSpec.latest());
        }
        get(admin.listOffsets(ends).all()); // the client asks again while a broker does not lead
    }

    private boolean hasLeaders(String topic, int partitions) {
        if (!exists(topic)) {
            return false;
        }
        TopicDescription description =
                get(admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
        return description.partitions().size() == partitions
                && description.partitions().stream()
                        .allMatch(p -> p.leader() != null && !p.leader().isEmpty());
    }

    private static void pause(long end, String state) {
        if (System.nanoTime() > end) {
            throw new IllegalStateException("after " + DEADLINE + ", " + state);
        }
        try {
            TimeUnit.MILLISECONDS.sleep(10);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(e);
        }
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(e);
        }
    }

    private static IllegalStateException failed(Exception e) {
        return new IllegalStateException("Kafka refused: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
