package io.tidemark.state.codec;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Sizes and places in Spark's unsafe rows and arrays, and access to the words in a byte array: little-endian all. */
final class UnsafeLayout {
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    /** What a decimal of more than 18 digits takes in a row, however small it is, even if it is null. */
    static final int WIDE_DECIMAL_BYTES = 16;

    private UnsafeLayout() {}

    /** Returns the bytes of the null bits of {@code fields} fields: whole words. */
    static int bitsetBytes(int fields) {
        return (fields + 63) >> 6 << 3;
    }

    /** Returns the bytes of a row without its variable part. */
    static int fixedBytes(int fields) {
        return bitsetBytes(fields) + 8 * fields;
    }

    /** Returns the next multiple of 8. */
    static int padded(int bytes) {
        return (bytes + 7) & ~7;
    }

    static boolean isWideDecimal(DataType type) {
        return type instanceof DecimalType decimal && !decimal.fitsLong();
    }

    /** Returns whether the value stands behind the words, which then say where. */
    static boolean isVariable(DataType type) {
        if (type instanceof AtomicType atomic) {
            return atomic == AtomicType.STRING || atomic == AtomicType.BINARY;
        }
        return !(type instanceof DecimalType decimal) || !decimal.fitsLong();
    }

    /** Returns the bytes that an element takes in an array's element block. */
    static int elementBytes(DataType type) {
        if (type instanceof AtomicType atomic) {
            return switch (atomic) {
                case BOOLEAN, TINYINT -> 1;
                case SMALLINT -> 2;
                case INT, FLOAT, DATE -> 4;
                default -> 8;
            };
        }
        return 8;
    }

    /** Returns the bytes of an array's count and null bits. */
    static int arrayHeaderBytes(int elements) {
        return 8 + bitsetBytes(elements);
    }

    static long getLong(byte[] data, int at) {
        return (long) LONG.get(data, at);
    }

    static void putLong(byte[] data, int at, long value) {
        LONG.set(data, at, value);
    }

    static int getInt(byte[] data, int at) {
        return (int) INT.get(data, at);
    }

    static void putInt(byte[] data, int at, int value) {
        INT.set(data, at, value);
    }

    static void putShort(byte[] data, int at, short value) {
        SHORT.set(data, at, value);
    }

    static void setNull(byte[] data, int bits, int ordinal) {
        data[bits + (ordinal >> 3)] |= (byte) (1 << (ordinal & 7));
    }

    static boolean isNull(byte[] data, int bits, int ordinal) {
        return (data[bits + (ordinal >> 3)] & 1 << (ordinal & 7)) != 0;
    }

    /** Returns the word of a variable value: where it begins, counted from the start of its row, and its bytes. */
    static long reference(int offset, int size) {
        return (long) offset << 32 | size;
    }
}
