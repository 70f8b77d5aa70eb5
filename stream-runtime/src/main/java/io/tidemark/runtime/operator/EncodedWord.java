package io.tidemark.runtime.operator;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Single words of rows in Spark's UnsafeRow layout: a bitset of nulls, then a word of 8 bytes for each column. */
final class EncodedWord {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private EncodedWord() {}

    /** Returns how many bytes the bitset of a row takes. */
    static int bitsetBytes(int columns) {
        return (columns + 63) / 64 * 8;
    }

    /** Returns whether a column is null in the row that begins at {@code offset}. */
    static boolean isNull(byte[] data, int offset, int column) {
        return (data[offset + (column >> 3)] >> (column & 7) & 1) != 0;
    }

    /** Returns the word at {@code offset}. */
    static long at(byte[] data, int offset) {
        return (long) LONGS.get(data, offset);
    }
}
