package io.tidemark.ops.drill.crash;

import io.tidemark.api.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock on which waiting takes no time: it jumps to where a sleeper wants to wake. */
final class VirtualTime implements TimeSource {
    private final AtomicLong nanos;

    VirtualTime(long startMillis) {
        nanos = new AtomicLong(Duration.ofMillis(startMillis).toNanos());
    }

    @Override
    public long currentTimeMillis() {
        return nanos.get() / 1_000_000L;
    }

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted before a sleep of " + duration);
        }
        nanos.addAndGet(duration.toNanos());
    }
}
