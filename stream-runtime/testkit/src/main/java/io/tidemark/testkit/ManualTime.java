package io.tidemark.testkit;

import io.tidemark.api.TimeSource;
import java.time.Duration;

/** A clock that moves only when it is told to; those who sleep on it wake when their time has come. */
public final class ManualTime implements TimeSource {
    private long nanos;
    private int sleepers;

    /** @param startMillis milliseconds since the epoch */
    public ManualTime(long startMillis) {
        nanos = Duration.ofMillis(startMillis).toNanos();
    }

    /** Moves the clock forward. */
    public synchronized void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + duration);
        }
        nanos += duration.toNanos();
        notifyAll();
    }

    /** Returns how many threads sleep on this clock now. */
    public synchronized int sleepers() {
        return sleepers;
    }

    @Override
    public synchronized long currentTimeMillis() {
        return nanos / 1_000_000L;
    }

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    @Override
    public synchronized void sleep(Duration duration) throws InterruptedException {
        long due = nanos + duration.toNanos();
        sleepers++;
        try {
            while (nanos < due) {
                wait();
            }
        } finally {
            sleepers--;
        }
    }
}
