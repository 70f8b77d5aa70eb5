package io.tidemark.api;

import java.time.Duration;

/** The clock of the process. Everything that reads time or waits takes one, so that a test can own it. */
public interface TimeSource {
    /** Returns milliseconds since the epoch, UTC. */
    long currentTimeMillis();

    /** Returns a nanosecond reading for durations only. */
    long nanoTime();

    /** Blocks for {@code duration} of this clock's time, or until the thread is interrupted. */
    void sleep(Duration duration) throws InterruptedException;

    /** Returns the machine's own clock. */
    static TimeSource system() {
        return SystemTime.INSTANCE;
    }
}
