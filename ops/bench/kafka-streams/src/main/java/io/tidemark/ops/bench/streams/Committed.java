package io.tidemark.ops.bench.streams;

import io.tidemark.ops.bench.job.CommitLine;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/** Counts the rows that a stream thread has processed to the end, and tells of them when its transaction is committed. */
final class Committed extends DefaultKafkaClientSupplier {
    private static final ThreadLocal<long[]> PROCESSED = ThreadLocal.withInitial(() -> new long[1]);
    private static final AtomicLong COMMITTED = new AtomicLong();

    static void count() {
        PROCESSED.get()[0]++;
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> settings) {
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()) {
            @Override
            public void commitTransaction() {
                super.commitTransaction();
                long[] rows = PROCESSED.get();
                if (rows[0] > 0) {
                    publish(rows[0]);
                    rows[0] = 0;
                }
            }
        };
    }

    private static void publish(long rows) {
        synchronized (COMMITTED) { // lines in order
            CommitLine.print(COMMITTED.addAndGet(rows));
        }
    }
}
