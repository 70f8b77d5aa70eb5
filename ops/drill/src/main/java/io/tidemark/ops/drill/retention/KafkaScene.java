package io.tidemark.ops.drill.retention;

import io.tidemark.connectors.kafkabroker.KafkaTopics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The topics of one cell, and everything that was ever produced to them. One thread at a time. */
final class KafkaScene implements AutoCloseable {
    /** A segment ends where the next record is so much younger; see {@link #ROLLED}. */
    private static final long SEGMENT_MILLIS = 60_000;

    private static final Map<String, String> ROLLED =
            Map.of("segment.ms", Long.toString(SEGMENT_MILLIS), "retention.ms", "-1", "segment.jitter.ms", "0");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int RECORDS_AT_ONCE = 10;

    private final String servers;
    private final String name;
    private final KafkaTopics topics;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<Sent> sent = new ArrayList<>();
    private final Set<String> invisible = new HashSet<>();
    private final Set<String> optional = new HashSet<>();
    private final SortedSet<String> live = new TreeSet<>();
    private final Map<String, Integer> generations = new TreeMap<>();
    private @Nullable KafkaProducer<byte[], byte[]> transactional;

    KafkaScene(String servers, String name) {
        this.servers = servers;
        this.name = name;
        this.topics = new KafkaTopics(servers);
        this.admin = Admin.create(Map.of("bootstrap.servers", servers));
        this.producer = producer(Map.of());
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = new TreeMap<>(more);
        settings.put("bootstrap.servers", servers);
        settings.put("acks", "all");
        settings.put("linger.ms", "0");
        settings.put("enable.idempotence", "true"); // what is sent again must not be there twice: it is counted
        settings.put("request.timeout.ms", "10000");
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    String servers() {
        return servers;
    }

    /** Returns the name of the cell's topic, or of one of them. */
    String topic(String suffix) {
        return name + suffix;
    }

    /** Makes a topic; a segment ends where time jumps. */
    void create(String topic, int partitions, Map<String, String> settings) {
        Map<String, String> all = new TreeMap<>(ROLLED);
        all.putAll(settings);
        topics.create(topic, partitions, all);
        live.add(topic);
    }

    void delete(String topic) {
        topics.delete(topic);
        live.remove(topic);
    }

    void recreate(String topic, int partitions) {
        delete(topic);
        newGeneration(topic);
        create(topic, partitions, Map.of());
    }

    void addPartitions(String topic, int total) {
        topics.addPartitions(topic, total);
    }

    /** Produces records in small batches, younger than all before by a segment's time. */
    void send(String topic, int partition, int count, long timestamp) {
        send(topic, partition, count, timestamp, RECORDS_AT_ONCE);
    }

    /** As {@link #send}, in batches of some size. */
    void send(String topic, int partition, int count, long timestamp, int atOnce) {
        sendAll(producer, topic, partition, count, timestamp, atOnce, null);
    }

    /** Produces one record for each key. */
    void sendKeys(String topic, int partition, List<String> keys, long timestamp) {
        sendAll(producer, topic, partition, keys.size(), timestamp, RECORDS_AT_ONCE, List.copyOf(keys));
    }

    private List<Sent> sendAll(
            KafkaProducer<byte[], byte[]> with,
            String topic,
            int partition,
            int count,
            long timestamp,
            int atOnce,
            @Nullable List<String> keys) {
        int generation = generations.getOrDefault(topic, 0);
        List<Sent> all = new ArrayList<>();
        for (int done = 0; done < count; done += atOnce) {
            List<String> values = new ArrayList<>();
            List<Future<RecordMetadata>> answers = new ArrayList<>();
            for (int i = done; i < Math.min(count, done + atOnce); i++) {
                String value =
                        topic + "/" + generation + "/" + partition + "/" + (sent.size() + all.size() + values.size());
                values.add(value);
                answers.add(with.send(new ProducerRecord<>(
                        topic,
                        partition,
                        timestamp,
                        keys == null ? null : keys.get(i).getBytes(StandardCharsets.UTF_8),
                        value.getBytes(StandardCharsets.UTF_8))));
            }
            with.flush();
            for (int i = 0; i < values.size(); i++) {
                all.add(new Sent(
                        topic, generation, partition, await(answers.get(i)).offset(), values.get(i)));
            }
        }
        sent.addAll(all);
        return all;
    }

    /** How a transaction ends. */
    enum Ending {
        COMMIT,
        ABORT,
        NONE
    }

    /**
     * Produces a transaction.
     *
     * @param visible whether the query is to see its records
     */
    void transaction(String topic, int partition, int count, Ending ending, boolean visible) {
        KafkaProducer<byte[], byte[]> with = transactional;
        if (with == null) {
            with = producer(Map.of("transactional.id", name));
            with.initTransactions();
            transactional = with;
        }
        with.beginTransaction();
        List<Sent> records = sendAll(with, topic, partition, count, System.currentTimeMillis(), RECORDS_AT_ONCE, null);
        if (!visible) {
            records.forEach(r -> invisible.add(r.value()));
        }
        if (ending == Ending.COMMIT) {
            with.commitTransaction();
        } else if (ending == Ending.ABORT) {
            with.abortTransaction();
        }
    }

    /** Ends the transaction that was left open. */
    void commitOpen() {
        if (transactional != null) {
            transactional.commitTransaction();
        }
    }

    /** Says that the query may or may not see this record: the log may drop it at any time. */
    void superseded(Sent record) {
        optional.add(record.value());
    }

    /** Says that the query does not ask for this record. */
    void unasked(Sent record) {
        invisible.add(record.value());
    }

    /** Deletes the records below {@code before}, by request. */
    void deleteRecords(String topic, int partition, long before) {
        topics.deleteRecords(topic, partition, before);
    }

    /** Lets everything go that is older than a minute, and waits until the partition begins at {@code first}. */
    void expire(String topic, int partition, long first) {
        alter(topic, "retention.ms", "60000");
        await("retention of " + topic, () -> topics.earliest(topic, partition) == first);
    }

    void alter(String topic, String setting, String value) {
        await(admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic),
                        List.of(new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET))))
                .all());
    }

    /** Nobody is shown that the topic exists, until {@link #show}; it can still be read. */
    void hide(String topic) {
        acl(topic, AclOperation.ALL, AclPermissionType.ALLOW, true);
        acl(topic, AclOperation.DESCRIBE, AclPermissionType.DENY, true);
    }

    void show(String topic) {
        acl(topic, AclOperation.DESCRIBE, AclPermissionType.DENY, false);
    }

    /** Nobody may read the topic, until {@link #allowReading}. */
    void forbidReading(String topic) {
        acl(topic, AclOperation.ALL, AclPermissionType.ALLOW, true);
        acl(topic, AclOperation.READ, AclPermissionType.DENY, true);
    }

    void allowReading(String topic) {
        acl(topic, AclOperation.READ, AclPermissionType.DENY, false);
    }

    private void acl(String topic, AclOperation operation, AclPermissionType permission, boolean add) {
        AclBinding binding = new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry("User:*", "*", operation, permission));
        if (add) {
            await(admin.createAcls(List.of(binding)).all());
        } else {
            await(admin.deleteAcls(List.of(binding.toFilter())).all());
        }
        await(
                "the rights on " + topic,
                () -> await(admin.describeAcls(binding.toFilter()).values()).isEmpty() != add);
    }

    Admin admin() {
        return admin;
    }

    long latest(String topic, int partition) {
        return topics.latest(topic, partition);
    }

    /** Waits until the log has dropped the records. */
    void awaitCompaction(String topic, int partition, long from, Collection<Long> dropped) {
        await("compaction of " + topic, () -> {
            Set<Long> there = offsets(topic, partition, from);
            return dropped.stream().noneMatch(there::contains);
        });
    }

    private Set<Long> offsets(String topic, int partition, long from) {
        TopicPartition tp = new TopicPartition(topic, partition);
        Set<Long> found = new HashSet<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(tp));
            long end = consumer.endOffsets(List.of(tp)).get(tp);
            consumer.seek(tp, from);
            while (consumer.position(tp) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    found.add(record.offset());
                }
            }
        }
        return found;
    }

    /** Returns everything produced, in order. */
    List<Sent> sent() {
        return List.copyOf(sent);
    }

    boolean isVisible(Sent record) {
        return !invisible.contains(record.value());
    }

    boolean isOptional(Sent record) {
        return optional.contains(record.value());
    }

    /** Says that from here on the topic's offsets may mean other records than before. */
    void newGeneration(String topic) {
        generations.merge(topic, 1, Integer::sum);
    }

    static void await(String what, BooleanSupplier done) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("waited " + PATIENCE.toSeconds() + " s for " + what);
            }
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + what, e);
            }
        }
    }

    static <T> T await(Future<T> future) {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Kafka refused: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for Kafka", e);
        }
    }

    /** Deletes the topics. */
    @Override
    public void close() {
        if (transactional != null) {
            transactional.close(Duration.ofSeconds(2));
        }
        producer.close(Duration.ofSeconds(2));
        try {
            await(admin.deleteTopics(live).all());
        } catch (IllegalStateException e) {
            // The topics of a cell are in nobody's way.
        }
        admin.close(Duration.ofSeconds(2));
        topics.close();
    }
}
