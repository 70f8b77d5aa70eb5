package io.tidemark.runtime.operator;

import java.util.concurrent.ConcurrentHashMap;

/**
 * What an operator remembers of its stores from batch to batch: a time that no entry is before. As long as the watermark
 * is before it too, nothing is to be let go, and the scan for it can be left out; where nothing is remembered, after a
 * start or a repeated batch, the scan is made. What a batch computes and stores is the same either way.
 *
 * <p>The state of a version never depends on the attempt that made it, so a bound that an abandoned attempt left behind
 * is as good as any. Safe for use by many threads.
 */
final class EvictionBounds {
    private final ConcurrentHashMap<Integer, Bound> byPartition = new ConcurrentHashMap<>();

    private record Bound(long version, long micros) {}

    /** Returns a time that no entry of the version is before; the least there is if nothing is known. */
    long of(int partition, long version) {
        Bound bound = byPartition.get(partition);
        return bound != null && bound.version == version ? bound.micros : Long.MIN_VALUE;
    }

    void remember(int partition, long version, long micros) {
        byPartition.put(partition, new Bound(version, micros));
    }
}
