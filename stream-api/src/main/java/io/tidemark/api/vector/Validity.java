package io.tidemark.api.vector;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bitmaps of which rows hold a value: bit set means not null; no bitmap at all means every row does. */
public final class Validity {
    private Validity() {}

    /** Returns a bitmap for {@code length} rows, all null. */
    public static long[] noneOf(int length) {
        return new long[words(length)];
    }

    /** Returns a bitmap for {@code length} rows, all valid. */
    public static long[] allOf(int length) {
        long[] bits = new long[words(length)];
        Arrays.fill(bits, -1L);
        return bits;
    }

    public static boolean isValid(long @Nullable [] bits, int row) {
        return bits == null || (bits[row >> 6] & (1L << row)) != 0;
    }

    public static void set(long[] bits, int row) {
        bits[row >> 6] |= 1L << row;
    }

    public static void clear(long[] bits, int row) {
        bits[row >> 6] &= ~(1L << row);
    }

    /** Returns a bitmap of the rows valid in both; one of the arguments or null where that is the answer. */
    public static long @Nullable [] and(long @Nullable [] a, long @Nullable [] b) {
        if (a == null || a == b) {
            return b;
        }
        if (b == null) {
            return a;
        }
        int n = Math.min(a.length, b.length);
        long[] both = new long[n];
        for (int i = 0; i < n; i++) {
            both[i] = a[i] & b[i];
        }
        return both;
    }

    static int words(int length) {
        return (length + 63) >> 6;
    }
}
