package io.tidemark.state.rocksdb;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.state.codec.MalformedRowException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Numbers in a form whose bytes sort as they do: an unsafe row with one binary column for each number, a marker ({@code 00}
 * negative, {@code 01} not negative, {@code 02} null) and the number big-endian; of a negative floating number all bits
 * inverted. Spark's layout for range scans. All rows of a schema have the same length. Immutable.
 */
final class OrderedColumns {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final byte NEGATIVE = 0;
    private static final byte POSITIVE = 1;
    private static final byte NULL = 2;

    private final int[] widths;
    private final boolean[] floating;
    private final int bitset;
    private final int bytes;

    /** @throws TidemarkException {@code STATE_FORMAT_UNSUPPORTED} for columns that are no numbers of fixed width */
    OrderedColumns(StructType schema) {
        widths = new int[schema.size()];
        floating = new boolean[schema.size()];
        bitset = (schema.size() + 63) >> 6 << 3;
        int length = bitset + 8 * schema.size();
        for (int i = 0; i < widths.length; i++) {
            StructField field = schema.field(i);
            DataType type = field.dataType();
            widths[i] = KeyFraming.orderedWidth(type);
            if (widths[i] == 0) {
                throw new TidemarkException(
                        ErrorCode.STATE_FORMAT_UNSUPPORTED,
                        "Cannot order state by column '" + field.name() + "' of type " + type.simpleString()
                                + ": only byte, short, int, long, float and double have an order in Spark's state. "
                                + "Order by one of these.");
            }
            floating[i] = type == AtomicType.FLOAT || type == AtomicType.DOUBLE;
            length += padded(widths[i] + 1);
        }
        bytes = length;
    }

    /** Returns the length of every row. */
    int bytes() {
        return bytes;
    }

    /** Writes the ordered form of an unsafe row of the numbers; returns its length. */
    int encode(byte[] row, int start, byte[] target, int at) {
        Arrays.fill(target, at, at + bytes, (byte) 0);
        int end = bitset + 8 * widths.length;
        for (int i = 0; i < widths.length; i++) {
            int width = widths[i];
            LONGS.set(target, at + bitset + 8 * i, (long) end << 32 | (width + 1));
            if ((row[start + (i >> 3)] & 1 << (i & 7)) != 0) {
                target[at + end] = NULL;
            } else {
                long word = (long) LONGS.get(row, start + bitset + 8 * i);
                boolean negative = ((word >>> (8 * width - 1)) & 1) != 0;
                target[at + end] = negative ? NEGATIVE : POSITIVE;
                long value = negative && floating[i] ? ~word : word;
                for (int b = 0; b < width; b++) {
                    target[at + end + 1 + b] = (byte) (value >>> (8 * (width - 1 - b)));
                }
            }
            end += padded(width + 1);
        }
        return bytes;
    }

    /** Returns the unsafe row of the numbers of an ordered row. */
    byte[] decode(byte[] data, int start, int length) {
        if (length != bytes) {
            throw new MalformedRowException("the ordering columns of a key have " + length + " bytes, not " + bytes);
        }
        byte[] row = new byte[bitset + 8 * widths.length];
        int end = bitset + 8 * widths.length;
        for (int i = 0; i < widths.length; i++) {
            int width = widths[i];
            byte marker = data[start + end];
            if (marker == NULL) {
                row[i >> 3] |= (byte) (1 << (i & 7));
            } else {
                long value = 0;
                for (int b = 0; b < width; b++) {
                    value = value << 8 | (data[start + end + 1 + b] & 0xff);
                }
                if (marker == NEGATIVE && floating[i]) {
                    value = ~value;
                }
                LONGS.set(row, bitset + 8 * i, width == 8 ? value : value & ((1L << (8 * width)) - 1));
            }
            end += padded(width + 1);
        }
        return row;
    }

    private static int padded(int length) {
        return (length + 7) & ~7;
    }
}
