package io.tidemark.runtime.expression.function;

import io.tidemark.api.vector.ColumnVector;

/** A fixed set of longs in an open hash table. Immutable. */
final class LongSet {
    private final long[] table;
    private final boolean[] taken;
    private final int mask;

    /** @param values of an integral type, none null */
    LongSet(ColumnVector values) {
        long[] longs = NumberConversions.toLongs(values, values.length());
        int size = Math.max(4, Integer.highestOneBit(Math.max(1, values.length())) * 4);
        table = new long[size];
        taken = new boolean[size];
        mask = size - 1;
        for (int i = 0; i < values.length(); i++) {
            int slot = slotOf(longs[i]);
            taken[slot] = true;
            table[slot] = longs[i];
        }
    }

    boolean contains(long value) {
        return taken[slotOf(value)];
    }

    /** Returns where the value is, or the free slot where it would be. */
    private int slotOf(long value) {
        long mixed = value * 0x9E3779B97F4A7C15L;
        int slot = (int) (mixed >>> 32) & mask;
        while (taken[slot] && table[slot] != value) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
