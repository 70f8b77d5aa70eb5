package io.tidemark.state.codec;

import static io.tidemark.state.codec.UnsafeLayout.arrayHeaderBytes;
import static io.tidemark.state.codec.UnsafeLayout.elementBytes;
import static io.tidemark.state.codec.UnsafeLayout.fixedBytes;
import static io.tidemark.state.codec.UnsafeLayout.isVariable;
import static io.tidemark.state.codec.UnsafeLayout.isWideDecimal;
import static io.tidemark.state.codec.UnsafeLayout.padded;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.vector.ArrayVector;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.FloatVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.MapVector;
import io.tidemark.api.vector.StructVector;

/**
 * Writes single values in Spark's unsafe layout: what stands inside of arrays and maps. Values at top level and in
 * structs are written column by column, see {@link ColumnWriter}; both give the same bytes.
 *
 * <p>Everything is written over zeros.
 */
final class ValueWriter {
    private ValueWriter() {}

    /** Returns the padded bytes that a value that is not null takes behind the words of a row; 0 for a fixed type. */
    static int bytesInRow(ColumnVector column, int row) {
        return isWideDecimal(column.type()) ? UnsafeLayout.WIDE_DECIMAL_BYTES : padded(bytes(column, row));
    }

    /** Returns the bytes of a variable value that is not null, without padding; 0 for a fixed type. */
    static int bytes(ColumnVector column, int row) {
        if (column instanceof BytesVector bytes) {
            return bytes.lengths()[row];
        } else if (column instanceof StructVector struct) {
            int total = fixedBytes(struct.children().size());
            for (ColumnVector child : struct.children()) {
                if (!child.isNull(row)) {
                    total = Math.addExact(total, bytesInRow(child, row));
                } else if (isWideDecimal(child.type())) {
                    total += UnsafeLayout.WIDE_DECIMAL_BYTES;
                }
            }
            return total;
        } else if (column instanceof ArrayVector array) {
            return arrayBytes(array.elements(), array.starts()[row], array.lengths()[row]);
        } else if (column instanceof MapVector map) {
            int keys = arrayBytes(map.keys(), map.starts()[row], map.lengths()[row]);
            return Math.addExact(8 + keys, arrayBytes(map.entryValues(), map.starts()[row], map.lengths()[row]));
        } else if (isWideDecimal(column.type())) {
            return ((DecimalVector) column).unscaled(row).bitLength() / 8 + 1;
        }
        return 0;
    }

    private static int arrayBytes(ColumnVector elements, int start, int count) {
        int slots = padded(Math.multiplyExact(count, elementBytes(elements.type())));
        int total = Math.addExact(arrayHeaderBytes(count), slots);
        if (isVariable(elements.type())) {
            for (int i = start; i < start + count; i++) {
                if (!elements.isNull(i)) {
                    total = Math.addExact(total, padded(bytes(elements, i)));
                }
            }
        }
        return total;
    }

    /** Writes a value of a fixed type that is not null: {@link UnsafeLayout#elementBytes} bytes. */
    static void putFixed(ColumnVector column, int row, byte[] data, int at) {
        if (column instanceof LongVector longs) {
            UnsafeLayout.putLong(data, at, longs.values()[row]);
        } else if (column instanceof IntVector ints) {
            int value = ints.values()[row];
            if (column.type() == AtomicType.TINYINT) {
                data[at] = (byte) value;
            } else if (column.type() == AtomicType.SMALLINT) {
                UnsafeLayout.putShort(data, at, (short) value);
            } else {
                UnsafeLayout.putInt(data, at, value);
            }
        } else if (column instanceof DoubleVector doubles) {
            UnsafeLayout.putLong(data, at, Double.doubleToRawLongBits(doubles.values()[row]));
        } else if (column instanceof FloatVector floats) {
            UnsafeLayout.putInt(data, at, Float.floatToRawIntBits(floats.values()[row]));
        } else if (column instanceof BooleanVector booleans) {
            data[at] = (byte) (booleans.values()[row] ? 1 : 0);
        } else {
            UnsafeLayout.putLong(data, at, ((DecimalVector) column).longs()[row]);
        }
    }

    /** Writes a variable value that is not null and returns its bytes without padding. */
    static int putVariable(ColumnVector column, int row, byte[] data, int at) {
        if (column instanceof BytesVector bytes) {
            int length = bytes.lengths()[row];
            System.arraycopy(bytes.data(), bytes.starts()[row], data, at, length);
            return length;
        } else if (column instanceof StructVector struct) {
            return putStruct(struct, row, data, at);
        } else if (column instanceof ArrayVector array) {
            return putArray(array.elements(), array.starts()[row], array.lengths()[row], data, at);
        } else if (column instanceof MapVector map) {
            int keys = putArray(map.keys(), map.starts()[row], map.lengths()[row], data, at + 8);
            UnsafeLayout.putLong(data, at, keys);
            return 8 + keys + putArray(map.entryValues(), map.starts()[row], map.lengths()[row], data, at + 8 + keys);
        }
        byte[] unscaled = ((DecimalVector) column).unscaled(row).toByteArray();
        System.arraycopy(unscaled, 0, data, at, unscaled.length);
        return unscaled.length;
    }

    private static int putStruct(StructVector struct, int row, byte[] data, int at) {
        int fields = struct.children().size();
        int words = at + UnsafeLayout.bitsetBytes(fields);
        int end = at + fixedBytes(fields);
        for (int i = 0; i < fields; i++) {
            ColumnVector child = struct.child(i);
            int word = words + 8 * i;
            boolean isNull = child.isNull(row);
            if (isNull) {
                UnsafeLayout.setNull(data, at, i);
            }
            if (isWideDecimal(child.type())) {
                int size = isNull ? 0 : putVariable(child, row, data, end);
                UnsafeLayout.putLong(data, word, UnsafeLayout.reference(end - at, size));
                end += UnsafeLayout.WIDE_DECIMAL_BYTES;
            } else if (!isNull && isVariable(child.type())) {
                int size = putVariable(child, row, data, end);
                UnsafeLayout.putLong(data, word, UnsafeLayout.reference(end - at, size));
                end += padded(size);
            } else if (!isNull) {
                putFixed(child, row, data, word);
            }
        }
        return end - at;
    }

    private static int putArray(ColumnVector elements, int start, int count, byte[] data, int at) {
        DataType type = elements.type();
        int width = elementBytes(type);
        int slots = at + arrayHeaderBytes(count);
        int end = slots + padded(count * width);
        boolean variable = isVariable(type);
        UnsafeLayout.putLong(data, at, count);
        for (int i = 0; i < count; i++) {
            if (elements.isNull(start + i)) {
                UnsafeLayout.setNull(data, at + 8, i);
            } else if (variable) {
                int size = putVariable(elements, start + i, data, end);
                UnsafeLayout.putLong(data, slots + 8 * i, UnsafeLayout.reference(end - at, size));
                end += padded(size);
            } else {
                putFixed(elements, start + i, data, slots + width * i);
            }
        }
        return end - at;
    }
}
