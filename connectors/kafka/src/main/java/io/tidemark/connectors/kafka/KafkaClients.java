package io.tidemark.connectors.kafka;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;

/** Makes the clients of one source: the user's settings, ours where the user said nothing, and those that are forced. */
final class KafkaClients {
    private static final int MEBIBYTE = 1 << 20;
    /** So many consumers may hold a large fetch each; the more there are, the less each later one holds. */
    private static final int LARGE_FETCHES = 16;

    private static final int MIDDLE_FETCHES = 64;
    /** What a consumer makes of its fetch at a time: records are heavier than the bytes they stand in. */
    private static final int POLL_RECORDS = 1024;

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

    /**
     * Returns a new consumer without a partition. Connects on first use, but names are resolved and tokens asked for while
     * it is put together, and nothing but the wait here gives those a deadline.
     *
     * @throws TimeoutException after the deadline
     * @throws InterruptException if the calling thread is interrupted
     */
    KafkaConsumer<ByteBuffer, ByteBuffer> consumer() {
        CompletableFuture<KafkaConsumer<ByteBuffer, ByteBuffer>> made = new CompletableFuture<>();
        Thread maker = new Thread(() -> make(made), name + "-connect");
        maker.setDaemon(true);
        maker.start();
        try {
            return made.get(config.deadline().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            abandon(made);
            throw new TimeoutException("no client came about", e);
        } catch (InterruptedException e) {
            abandon(made);
            throw new InterruptException(e);
        }
    }

    private void make(CompletableFuture<KafkaConsumer<ByteBuffer, ByteBuffer>> made) {
        try {
            made.complete(newConsumer());
        } catch (RuntimeException | Error e) {
            made.completeExceptionally(e);
        }
    }

    /** One that comes late is of no use to anybody. */
    private static void abandon(CompletableFuture<KafkaConsumer<ByteBuffer, ByteBuffer>> made) {
        made.thenAccept(late -> late.close(CloseOptions.timeout(Duration.ZERO)));
    }

    private KafkaConsumer<ByteBuffer, ByteBuffer> newConsumer() {
        Map<String, Object> settings = config.revealed();
        int number = consumers.incrementAndGet();
        settings.putIfAbsent("client.id", name + "-" + number);
        quieten(settings);
        settings.putIfAbsent("max.partition.fetch.bytes", Integer.toString(fetchBytes(number)));
        settings.putIfAbsent("fetch.max.bytes", Integer.toString(16 * MEBIBYTE));
        settings.putIfAbsent("receive.buffer.bytes", Integer.toString(MEBIBYTE));
        settings.putIfAbsent("max.poll.records", Integer.toString(POLL_RECORDS));
        settings.put("enable.auto.commit", "false");
        settings.put("auto.offset.reset", "none");
        settings.put("allow.auto.create.topics", "false");
        return new KafkaConsumer<>(settings, new ByteBufferDeserializer(), new ByteBufferDeserializer());
    }

    /** One partition a consumer: room for a slice of rows, few round trips, and less than 100 MB for 200 consumers. */
    private static int fetchBytes(int number) {
        if (number <= LARGE_FETCHES) {
            return 2 * MEBIBYTE;
        }
        return number <= MIDDLE_FETCHES ? MEBIBYTE / 2 : MEBIBYTE / 4;
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
