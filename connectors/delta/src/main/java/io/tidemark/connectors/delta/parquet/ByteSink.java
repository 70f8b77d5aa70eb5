package io.tidemark.connectors.delta.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A byte array that grows: little-endian numbers and varints, as Parquet wants them. */
final class ByteSink {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int START = 1024;

    private byte[] bytes = new byte[START];
    private int size;

    int size() {
        return size;
    }

    byte[] array() {
        return bytes;
    }

    void clear() {
        size = 0;
    }

    /** Makes room for {@code more} bytes; {@link #array} is stable until then. */
    void reserve(int more) {
        int wanted = Math.addExact(size, more);
        if (wanted > bytes.length) {
            long doubled = Math.min((long) bytes.length * 2, Integer.MAX_VALUE - 8L);
            bytes = Arrays.copyOf(bytes, (int) Math.max(wanted, doubled));
        }
    }

    void putByte(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    void putInt(int value) {
        reserve(Integer.BYTES);
        INTS.set(bytes, size, value);
        size += Integer.BYTES;
    }

    /** Puts an int where {@link #reserve} has made room before. */
    void putIntReserved(int value) {
        INTS.set(bytes, size, value);
        size += Integer.BYTES;
    }

    /** Puts a long where {@link #reserve} has made room before. */
    void putLongReserved(long value) {
        LONGS.set(bytes, size, value);
        size += Long.BYTES;
    }

    void putIntAt(int position, int value) {
        INTS.set(bytes, position, value);
    }

    void putBytes(byte[] from, int offset, int count) {
        reserve(count);
        System.arraycopy(from, offset, bytes, size, count);
        size += count;
    }

    /** Puts a length and the bytes, as PLAIN encodes BYTE_ARRAY. */
    void putPrefixed(byte[] from, int offset, int count) {
        reserve(Integer.BYTES + count);
        INTS.set(bytes, size, count);
        System.arraycopy(from, offset, bytes, size + Integer.BYTES, count);
        size += Integer.BYTES + count;
    }

    void putVarint(int value) {
        int left = value;
        while ((left & ~0x7F) != 0) {
            putByte((left & 0x7F) | 0x80);
            left >>>= 7;
        }
        putByte(left);
    }
}
