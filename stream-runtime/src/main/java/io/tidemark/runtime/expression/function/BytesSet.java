package io.tidemark.runtime.expression.function;

import io.tidemark.api.vector.BytesVector;
import java.util.Arrays;

/** A fixed set of byte strings in an open hash table, looked up without making objects. Immutable. */
final class BytesSet {
    private final byte[][] table;
    private final int mask;

    /** @param values none null */
    BytesSet(BytesVector values) {
        int size = Math.max(4, Integer.highestOneBit(Math.max(1, values.length())) * 4);
        table = new byte[size][];
        mask = size - 1;
        for (int i = 0; i < values.length(); i++) {
            byte[] value = values.bytes(i);
            table[slotOf(value, 0, value.length)] = value;
        }
    }

    boolean contains(byte[] data, int start, int length) {
        return table[slotOf(data, start, length)] != null;
    }

    private int slotOf(byte[] data, int start, int length) {
        int hash = 1;
        for (int i = start; i < start + length; i++) {
            hash = 31 * hash + data[i];
        }
        int slot = (hash ^ (hash >>> 16)) & mask;
        while (table[slot] != null && !Arrays.equals(table[slot], 0, table[slot].length, data, start, start + length)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }
}
