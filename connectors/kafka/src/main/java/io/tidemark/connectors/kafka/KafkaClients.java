package io.tidemark.connectors.kafka;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;

/** Makes the clients of one source: the user's settings, ours where the user said nothing, and those that are forced. */
final class KafkaClients {
    private static final int MEBIBYTE = 1 << 20;
    /** So many consumers may hold a large fetch each; with more of them, all later ones hold a small one. */
    private static final int LARGE_FETCHES = 16;

    static {
        ClientRules.install();
    }

    private final KafkaSourceConfig config;
    private final String name;
    private final AtomicInteger consumers = new AtomicInteger();

    /** @param name tells the clients of this source from others, in the broker's logs and quotas */
    KafkaClients(KafkaSourceConfig config, String name) {
        this.config = config;
        this.name = name;
    }

    /**
     * Looks whether Kafka's client takes the settings, without making one.
     *
     * @throws org.apache.kafka.common.config.ConfigException if it does not
     */
    static void check(KafkaSourceConfig config) {
        Map<String, Object> settings = config.revealed();
        settings.put("key.deserializer", ByteBufferDeserializer.class);
        settings.put("value.deserializer", ByteBufferDeserializer.class);
        ConsumerConfig.configDef().parse(settings);
    }

    /** Returns a new admin client whose calls end within the deadline. Connects on first use. */
    Admin admin() {
        Map<String, Object> settings = config.revealed();
        settings.keySet().removeIf(KafkaClients::isForConsumersOnly);
        settings.putIfAbsent("client.id", name + "-admin");
        quieten(settings);
        long deadline = config.deadline().toMillis();
        settings.put("default.api.timeout.ms", Long.toString(deadline));
        settings.put("request.timeout.ms", Long.toString(Math.min(deadline, requestTimeout())));
        return Admin.create(settings);
    }

    /** Returns a new consumer without a partition. Connects on first use. */
    KafkaConsumer<ByteBuffer, ByteBuffer> consumer() {
        Map<String, Object> settings = config.revealed();
        int number = consumers.incrementAndGet();
        settings.putIfAbsent("client.id", name + "-" + number);
        quieten(settings);
        // One partition a consumer: room for a whole slice, few round trips.
        int fetch = number <= LARGE_FETCHES ? 4 * MEBIBYTE : MEBIBYTE;
        settings.putIfAbsent("max.partition.fetch.bytes", Integer.toString(fetch));
        settings.putIfAbsent("fetch.max.bytes", Integer.toString(16 * MEBIBYTE));
        settings.putIfAbsent("receive.buffer.bytes", Integer.toString(MEBIBYTE));
        settings.putIfAbsent("max.poll.records", Integer.toString(KafkaPartitionReader.BATCH_ROWS));
        settings.put("enable.auto.commit", "false");
        settings.put("auto.offset.reset", "none");
        settings.put("allow.auto.create.topics", "false");
        return new KafkaConsumer<>(settings, new ByteBufferDeserializer(), new ByteBufferDeserializer());
    }

    private long requestTimeout() {
        return config.setting("request.timeout.ms")
                .map(text -> Long.parseLong(text.trim()))
                .orElse(30_000L);
    }

    /** No JMX beans and no telemetry, unless asked for: both cost start-up time. */
    private static void quieten(Map<String, Object> settings) {
        settings.putIfAbsent("metric.reporters", "");
        settings.putIfAbsent("enable.metrics.push", "false");
    }

    private static boolean isForConsumersOnly(String setting) {
        return setting.startsWith("fetch.")
                || setting.startsWith("max.p")
                || setting.equals("isolation.level")
                || setting.equals("group.id")
                || setting.equals("check.crcs");
    }
}
