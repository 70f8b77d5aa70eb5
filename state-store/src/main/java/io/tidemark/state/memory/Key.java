package io.tidemark.state.memory;

import java.util.Arrays;

/**
 * A key in its place.
 *
 * @param order bytes by which keys are sorted; the row itself where its order means nothing
 * @param row the key's row
 */
record Key(byte[] order, byte[] row) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
        return Arrays.compareUnsigned(order, other.order);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key key && Arrays.equals(order, key.order);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(order);
    }

    /** Returns the first place behind all keys whose order begins as this one's, or null if none can be behind. */
    @org.jspecify.annotations.Nullable
    Key behind() {
        int length = order.length;
        while (length > 0 && order[length - 1] == (byte) 0xff) {
            length--;
        }
        if (length == 0) {
            return null;
        }
        byte[] next = Arrays.copyOf(order, length);
        next[length - 1]++;
        return new Key(next, next);
    }
}
