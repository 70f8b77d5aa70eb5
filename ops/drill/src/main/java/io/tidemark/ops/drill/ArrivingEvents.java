package io.tidemark.ops.drill;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/** Records that keep arriving, some every few milliseconds, until they are stopped. A broker that is away is waited for. */
public final class ArrivingEvents implements AutoCloseable {
    private static final int AT_ONCE = 10;
    private static final long PAUSE_MILLIS = 20;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final FutureTask<Long> sent;

    /**
     * Begins to send.
     *
     * @param first the number of the first record
     * @param records what a number stands for
     */
    public ArrivingEvents(
            String bootstrapServers, String topic, int partitions, long first, LongFunction<byte[]> records) {
        sent = new FutureTask<>(() -> {
            long next = first;
            try (Events events = new Events(bootstrapServers)) {
                do {
                    events.send(topic, partitions, next, next + AT_ONCE, records);
                    next += AT_ONCE;
                } while (!stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
            }
            return next;
        });
        new Thread(sent, "arriving-events").start();
    }

    /** Stops when the broker has them all, and returns the number behind the last record. */
    public long stop() throws InterruptedException {
        stopped.countDown();
        try {
            return sent.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("sending events failed", e.getCause());
        }
    }

    @Override
    public void close() {
        stopped.countDown();
    }
}
