package io.tidemark.runtime.aggregate;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One bit a group, off at first. Loops take {@link #bits} into a local. */
final class GroupFlags {
    private long[] bits = new long[1];

    void grow(int groups) {
        int words = (groups + 63) >> 6;
        if (words > bits.length) {
            bits = Arrays.copyOf(bits, Math.max(words, 2 * bits.length));
        }
    }

    /** Returns the bits themselves, valid until the next {@link #grow}. */
    long[] bits() {
        return bits;
    }

    boolean isSet(int group) {
        return (bits[group >> 6] & (1L << group)) != 0;
    }

    void set(int group) {
        bits[group >> 6] |= 1L << group;
    }

    void clear(int group) {
        bits[group >> 6] &= ~(1L << group);
    }

    /** Returns the bits as a bitmap of rows that hold a value: null if all of the first {@code groups} are on. */
    long @Nullable [] validity(int groups) {
        int full = groups >> 6;
        for (int i = 0; i < full; i++) {
            if (bits[i] != -1L) {
                return bits;
            }
        }
        long rest = (1L << groups) - 1;
        return (groups & 63) == 0 || (bits[full] & rest) == rest ? null : bits;
    }

    /** Returns the bits as truth values. */
    boolean[] booleans(int groups) {
        boolean[] out = new boolean[groups];
        for (int i = 0; i < groups; i++) {
            out[i] = isSet(i);
        }
        return out;
    }

    long memoryBytes() {
        return 8L * bits.length;
    }
}
