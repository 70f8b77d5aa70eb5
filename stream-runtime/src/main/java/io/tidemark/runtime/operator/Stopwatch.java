package io.tidemark.runtime.operator;

import io.tidemark.api.TimeSource;

/** How long something took, for statistics alone. One thread. */
final class Stopwatch {
    private final TimeSource time = TimeSource.system();
    private long since = time.nanoTime();

    /** Returns the nanoseconds since the last call, or since it was made. */
    long lap() {
        long now = time.nanoTime();
        long lap = now - since;
        since = now;
        return lap;
    }
}
