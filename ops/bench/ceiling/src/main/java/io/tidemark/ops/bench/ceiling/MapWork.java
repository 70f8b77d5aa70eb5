package io.tidemark.ops.bench.ceiling;

import io.tidemark.ops.bench.job.Event;

/** Counts and sums in a hash table of its own thread; nothing is durable, and keys are not brought together. */
final class MapWork implements Work {
    private static final long WINDOW_MICROS = 5 * 60_000_000L;

    private final Keys keys = new Keys();
    private final boolean windowed;

    /** @param windowed by page in windows of 5 minutes; otherwise by user */
    MapWork(boolean windowed) {
        this.windowed = windowed;
    }

    @Override
    public void add(Event event) {
        if (windowed) {
            keys.add(event.eventTime / WINDOW_MICROS, event.page, event.pageLength, event.amount);
        } else {
            keys.add(0, event.user, event.userLength, event.amount);
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
