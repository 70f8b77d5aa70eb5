package io.tidemark.runtime.operator;

import io.tidemark.state.codec.MalformedRowException;
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

    /**
     * Returns whether a column is null in the row that begins at {@code offset}.
     *
     * @throws MalformedRowException if the array ends before
     */
    static boolean isNull(byte[] data, int offset, int column) {
        int at = offset + (column >> 3);
        if (at < 0 || at >= data.length) {
            throw tooShort(data, at);
        }
        return ((data[at] >> (column & 7)) & 1) != 0;
    }

    /**
     * Returns the word at {@code offset}.
     *
     * @throws MalformedRowException if the array ends before
     */
    static long at(byte[] data, int offset) {
        if (offset < 0 || offset > data.length - Long.BYTES) {
            throw tooShort(data, offset);
        }
        return (long) LONGS.get(data, offset);
    }

    /** Returns where in a row of {@code columns} columns the struct in place {@code column} begins. */
    static int structOffset(byte[] row, int columns, int column) {
        return (int) (at(row, bitsetBytes(columns) + 8 * column) >>> 32);
    }

    private static MalformedRowException tooShort(byte[] data, int offset) {
        return new MalformedRowException("a row of " + data.length + " bytes has nothing at " + offset);
    }
}
