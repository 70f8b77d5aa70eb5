package io.tidemark.runtime.shuffle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A byte array that grows, little-endian. One thread. */
final class Bytes {
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MAX = Integer.MAX_VALUE - 16;

    private byte[] array = new byte[1 << 12];
    private int length;

    void clear() {
        length = 0;
    }

    int length() {
        return length;
    }

    /** Returns the bytes; replaced when more are put. */
    byte[] array() {
        return array;
    }

    /** Appends zeros and returns where they begin. */
    int reserve(long count) {
        int at = grow(count);
        Arrays.fill(array, at, length, (byte) 0);
        return at;
    }

    void putByte(byte value) {
        int at = grow(1);
        array[at] = value;
    }

    void putInt(int value) {
        int at = grow(4);
        INT.set(array, at, value);
    }

    void putLong(long value) {
        int at = grow(8);
        LONG.set(array, at, value);
    }

    void put(byte[] from, int start, int count) {
        int at = grow(count);
        System.arraycopy(from, start, array, at, count);
    }

    private int grow(long count) {
        int at = length;
        long wanted = at + count;
        if (wanted > array.length) {
            if (wanted > MAX) {
                throw new IllegalStateException("a shuffle block of " + wanted + " bytes is too large");
            }
            array = Arrays.copyOf(array, (int) Math.min(MAX, Math.max(wanted, 2L * array.length)));
        }
        length = (int) wanted;
        return at;
    }
}
