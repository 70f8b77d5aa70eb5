package io.tidemark.ops.cli.demo;

import io.tidemark.api.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends clicks to a topic, spread over its partitions in turn, at a steady rate. Run by one thread, watched by any. */
public final class ClickFeed implements Runnable {
    private static final Duration SLICE = Duration.ofMillis(20);

    private final String bootstrapServers;
    private final Target target;
    private final Clicks clicks;
    private final TimeSource time;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private volatile boolean stopped;

    /**
     * Where clicks go and how many.
     *
     * @param rows how many, or {@link Long#MAX_VALUE} for until stopped
     * @param rowsPerSecond at most this many a second, or 0 for as fast as it goes
     */
    public record Target(String topic, int partitions, long rows, long rowsPerSecond) {}

    public ClickFeed(String bootstrapServers, Target target, Clicks clicks, TimeSource time) {
        this.bootstrapServers = bootstrapServers;
        this.target = target;
        this.clicks = clicks;
        this.time = time;
    }

    /** Returns how many clicks the broker has confirmed. */
    public long acknowledged() {
        return acknowledged.get();
    }

    public void stop() {
        stopped = true;
    }

    /** Sends until done or stopped. @throws IllegalStateException if the broker refuses */
    @Override
    public void run() {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        "20",
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        "131072"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            send(producer);
            if (!stopped) {
                producer.flush();
            } else {
                producer.close(Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Exception problem = failure.get();
        if (problem != null && !stopped) {
            throw new IllegalStateException("Kafka did not take a click: " + problem.getMessage(), problem);
        }
    }

    private void send(KafkaProducer<byte[], byte[]> producer) throws InterruptedException {
        long start = time.nanoTime();
        for (long i = 0; i < target.rows() && !stopped && failure.get() == null; i++) {
            while (ahead(i, start) && !stopped) {
                time.sleep(SLICE);
            }
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(target.topic(), (int) (i % target.partitions()), null, clicks.json(i));
            producer.send(record, (metadata, problem) -> {
                if (problem == null) {
                    acknowledged.incrementAndGet();
                } else {
                    failure.compareAndSet(null, problem);
                }
            });
        }
    }

    private boolean ahead(long sent, long start) {
        if (target.rowsPerSecond() == 0) {
            return false;
        }
        double seconds = (time.nanoTime() - start) / 1e9;
        return sent > (seconds + 0.05) * target.rowsPerSecond();
    }
}
