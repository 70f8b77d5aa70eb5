package io.tidemark.ops.drill;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/** Events that keep arriving, some every few milliseconds, until they are stopped. */
final class ArrivingEvents implements AutoCloseable {
    private static final int AT_ONCE = 10;
    private static final long PAUSE_MILLIS = 20;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final FutureTask<Long> sent;

    ArrivingEvents(String bootstrapServers, String topic, int partitions, LongFunction<byte[]> records) {
        sent = new FutureTask<>(() -> {
            long next = 0;
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

    /** Stops and returns how many there were. */
    long stop() throws InterruptedException {
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
