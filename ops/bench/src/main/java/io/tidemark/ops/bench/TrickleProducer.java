package io.tidemark.ops.bench;

import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends rows at an even pace, to the partitions in turn, and remembers when each was sent. Rows of a partition arrive in
 * the order in which they were sent, so that the n-th has offset n.
 */
final class TrickleProducer implements AutoCloseable {
    private static final long PAUSE_NANOS = 500_000;

    private final Setting setting;
    private final Records records;
    private final KafkaProducer<byte[], byte[]> producer;
    private final int partitions;
    private final long[][] sentMicros;
    private long sent;
    private volatile boolean stopped;
    private @Nullable Thread thread;

    TrickleProducer(Setting setting) {
        this.setting = setting;
        this.records = setting.topic().records();
        this.partitions = setting.topic().partitions();
        this.sentMicros = new long[partitions][1 << 16];
        Properties settings = new Properties();
        settings.put("bootstrap.servers", setting.bootstrapServers());
        settings.put("key.serializer", ByteArraySerializer.class.getName());
        settings.put("value.serializer", ByteArraySerializer.class.getName());
        settings.put("linger.ms", "0");
        settings.put("compression.type", setting.options().compression());
        producer = new KafkaProducer<>(settings);
    }

    /** Sends {@code rows} rows at once and waits until the broker has them. */
    void send(int rows) {
        for (int i = 0; i < rows; i++) {
            sendOne();
        }
        producer.flush();
    }

    private synchronized void sendOne() {
        int partition = (int) (sent % partitions);
        int offset = (int) (sent / partitions);
        if (offset == sentMicros[partition].length) {
            sentMicros[partition] = Arrays.copyOf(sentMicros[partition], 2 * offset);
        }
        byte[] row = records.record(sent);
        long now = Clock.micros();
        sentMicros[partition][offset] = now;
        producer.send(new ProducerRecord<>(setting.topicName(), partition, now / 1_000, null, row));
        sent++;
    }

    /** Begins to send {@code rate} rows a second, until {@link #stop}. */
    void start(int rate) {
        thread = new Thread(() -> pace(rate), "trickle");
        thread.setDaemon(true);
        thread.start();
    }

    private void pace(int rate) {
        long start = System.nanoTime();
        for (long row = 0; !stopped; row++) {
            long due = start + row * 1_000_000_000L / rate;
            while (System.nanoTime() < due && !stopped) {
                LockSupport.parkNanos(Math.max(PAUSE_NANOS, due - System.nanoTime()));
            }
            sendOne();
        }
        producer.flush();
    }

    void stop() throws InterruptedException {
        stopped = true;
        if (thread != null) {
            thread.join();
        }
    }

    synchronized long sent() {
        return sent;
    }

    synchronized long sentMicros(int partition, long offset) {
        return sentMicros[partition][Math.toIntExact(offset)];
    }

    @Override
    public void close() throws InterruptedException {
        stop();
        producer.close();
    }
}
