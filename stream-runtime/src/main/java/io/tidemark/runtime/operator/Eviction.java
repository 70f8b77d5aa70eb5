package io.tidemark.runtime.operator;

import io.tidemark.state.StateIterator;
import io.tidemark.state.StateStore;
import io.tidemark.state.codec.RowBlock;

/**
 * Lets go of the state that the watermark has passed, by a scan over the whole store; the scan is left out where what is
 * remembered of the store proves that it would find nothing.
 */
final class Eviction {
    private static final int REMOVALS = 4096;

    private final EvictionBounds bounds;
    private final int partition;
    private final long version;
    private final long watermarkMicros;

    Eviction(EvictionBounds bounds, TaskContext context, long operatorId) {
        this.bounds = bounds;
        this.partition = context.partition();
        this.version = context.batchId();
        this.watermarkMicros = context.watermarks().evictionMillis(operatorId) * 1_000L;
    }

    /** Tells until when an entry is kept: it goes once the watermark is there. Microseconds. */
    @FunctionalInterface
    interface Expiry {
        long micros(StateIterator entry);
    }

    /** Sees an entry that goes. */
    @FunctionalInterface
    interface Farewell {
        void accept(StateIterator entry) throws Exception;
    }

    /**
     * Removes every entry whose time is at or before the watermark.
     *
     * @param earliestPut the earliest time of what this batch has put
     * @return how many were removed
     */
    long run(StateStore store, long earliestPut, Expiry expiry, Farewell farewell) throws Exception {
        long bound = Math.min(bounds.of(partition, version), earliestPut);
        long removed = 0;
        if (bound <= watermarkMicros) {
            bound = Long.MAX_VALUE;
            RowBlock.Builder keys = new RowBlock.Builder(REMOVALS, 64);
            try (StateIterator entries = store.iterator()) {
                while (entries.next()) {
                    long micros = expiry.micros(entries);
                    if (micros > watermarkMicros) {
                        bound = Math.min(bound, micros);
                        continue;
                    }
                    farewell.accept(entries);
                    keys.add(entries.key());
                    if (keys.count() == REMOVALS) {
                        store.removeAll(keys.build());
                        removed += REMOVALS;
                        keys = new RowBlock.Builder(REMOVALS, 64);
                    }
                }
            }
            store.removeAll(keys.build());
            removed += keys.count();
        }
        bounds.remember(partition, version + 1, bound);
        return removed;
    }
}
