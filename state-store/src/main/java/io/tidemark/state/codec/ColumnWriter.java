package io.tidemark.state.codec;

import static io.tidemark.state.codec.UnsafeLayout.fixedBytes;
import static io.tidemark.state.codec.UnsafeLayout.isVariable;
import static io.tidemark.state.codec.UnsafeLayout.isWideDecimal;
import static io.tidemark.state.codec.UnsafeLayout.padded;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.FloatVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.StructVector;
import io.tidemark.api.vector.Validity;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes one column after another into many rows at once, over zeros. Row {@code i} of the output is the value at
 * position {@code rows[i]}; it begins at {@code bases[i]}, and its next variable value at {@code ends[i]}, which moves on.
 * A struct is written by the same loops, its own rows beginning where the outer rows end.
 *
 * @param rows positions in the columns, null if they are 0 to count - 1
 */
record ColumnWriter(byte[] data, int count, int @Nullable [] rows, int[] bases, int[] ends) {
    /** Adds to {@code sizes} the padded bytes that each row's value takes behind the words. */
    static void measure(ColumnVector column, int count, int @Nullable [] rows, int[] sizes) {
        long[] validity = column.validity();
        if (!isVariable(column.type())) {
            return;
        } else if (isWideDecimal(column.type())) {
            for (int i = 0; i < count; i++) {
                sizes[i] += UnsafeLayout.WIDE_DECIMAL_BYTES;
            }
        } else if (column instanceof BytesVector bytes) {
            int[] lengths = bytes.lengths();
            for (int i = 0; i < count; i++) {
                int row = rows == null ? i : rows[i];
                if (Validity.isValid(validity, row)) {
                    sizes[i] = Math.addExact(sizes[i], padded(lengths[row]));
                }
            }
        } else if (column instanceof StructVector struct && validity == null) {
            int fixed = fixedBytes(struct.children().size());
            for (int i = 0; i < count; i++) {
                sizes[i] += fixed;
            }
            for (ColumnVector child : struct.children()) {
                measure(child, count, rows, sizes);
            }
        } else {
            for (int i = 0; i < count; i++) {
                int row = rows == null ? i : rows[i];
                if (Validity.isValid(validity, row)) {
                    sizes[i] = Math.addExact(sizes[i], ValueWriter.bytesInRow(column, row));
                }
            }
        }
    }

    /** Writes the fields of the rows, the first one first. */
    void writeAll(List<? extends ColumnVector> columns) {
        int words = UnsafeLayout.bitsetBytes(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            write(columns.get(i), i, words + 8 * i);
        }
    }

    private void write(ColumnVector column, int ordinal, int word) {
        if (column.mayHaveNulls()) {
            markNulls(column, ordinal);
        }
        if (column instanceof LongVector longs) {
            writeLongs(longs.values(), column.validity(), word);
        } else if (column instanceof BytesVector bytes) {
            writeBytes(bytes, word);
        } else if (column instanceof IntVector ints) {
            writeInts(ints, word);
        } else if (column instanceof DoubleVector doubles) {
            writeDoubles(doubles, word);
        } else if (column instanceof FloatVector floats) {
            writeFloats(floats, word);
        } else if (column instanceof BooleanVector booleans) {
            writeBooleans(booleans, word);
        } else if (column instanceof DecimalVector decimals) {
            if (decimals.decimalType().fitsLong()) {
                writeLongs(decimals.longs(), column.validity(), word);
            } else {
                writeWideDecimals(decimals, word);
            }
        } else if (column instanceof StructVector struct) {
            writeStructs(struct, word);
        } else if (column.type() != AtomicType.NULL) {
            writeValues(column, word);
        }
    }

    private void markNulls(ColumnVector column, int ordinal) {
        for (int i = 0; i < count; i++) {
            if (column.isNull(rows == null ? i : rows[i])) {
                UnsafeLayout.setNull(data, bases[i], ordinal);
            }
        }
    }

    private void writeLongs(long[] values, long @Nullable [] validity, int word) {
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            if (Validity.isValid(validity, row)) {
                UnsafeLayout.putLong(data, bases[i] + word, values[row]);
            }
        }
    }

    private void writeInts(IntVector ints, int word) {
        int[] values = ints.values();
        long[] validity = ints.validity();
        long mask = ints.type() == AtomicType.TINYINT
                ? 0xffL
                : ints.type() == AtomicType.SMALLINT ? 0xffffL : 0xffff_ffffL; // no sign in the upper bytes
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            if (Validity.isValid(validity, row)) {
                UnsafeLayout.putLong(data, bases[i] + word, values[row] & mask);
            }
        }
    }

    private void writeDoubles(DoubleVector doubles, int word) {
        double[] values = doubles.values();
        long[] validity = doubles.validity();
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            if (Validity.isValid(validity, row)) {
                UnsafeLayout.putLong(data, bases[i] + word, Double.doubleToRawLongBits(values[row]));
            }
        }
    }

    private void writeFloats(FloatVector floats, int word) {
        float[] values = floats.values();
        long[] validity = floats.validity();
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            if (Validity.isValid(validity, row)) {
                UnsafeLayout.putInt(data, bases[i] + word, Float.floatToRawIntBits(values[row]));
            }
        }
    }

    private void writeBooleans(BooleanVector booleans, int word) {
        boolean[] values = booleans.values();
        long[] validity = booleans.validity();
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            if (values[row] && Validity.isValid(validity, row)) {
                data[bases[i] + word] = 1;
            }
        }
    }

    private void writeBytes(BytesVector bytes, int word) {
        byte[] from = bytes.data();
        int[] starts = bytes.starts();
        int[] lengths = bytes.lengths();
        long[] validity = bytes.validity();
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            if (Validity.isValid(validity, row)) {
                int end = ends[i];
                int length = lengths[row];
                UnsafeLayout.putLong(data, bases[i] + word, UnsafeLayout.reference(end - bases[i], length));
                System.arraycopy(from, starts[row], data, end, length);
                ends[i] = end + padded(length);
            }
        }
    }

    private void writeWideDecimals(DecimalVector decimals, int word) {
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            int size = decimals.isNull(row) ? 0 : ValueWriter.putVariable(decimals, row, data, ends[i]);
            UnsafeLayout.putLong(data, bases[i] + word, UnsafeLayout.reference(ends[i] - bases[i], size));
            ends[i] += UnsafeLayout.WIDE_DECIMAL_BYTES;
        }
    }

    private void writeValues(ColumnVector column, int word) {
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            if (!column.isNull(row)) {
                int size = ValueWriter.putVariable(column, row, data, ends[i]);
                UnsafeLayout.putLong(data, bases[i] + word, UnsafeLayout.reference(ends[i] - bases[i], size));
                ends[i] += padded(size);
            }
        }
    }

    private void writeStructs(StructVector struct, int word) {
        int fixed = fixedBytes(struct.children().size());
        if (struct.mayHaveNulls()) {
            writeSomeStructs(struct, word, fixed);
            return;
        }
        int[] innerBases = Arrays.copyOf(ends, count);
        for (int i = 0; i < count; i++) {
            ends[i] += fixed;
        }
        new ColumnWriter(data, count, rows, innerBases, ends).writeAll(struct.children());
        for (int i = 0; i < count; i++) {
            int at = innerBases[i];
            UnsafeLayout.putLong(data, bases[i] + word, UnsafeLayout.reference(at - bases[i], ends[i] - at));
        }
    }

    private void writeSomeStructs(StructVector struct, int word, int fixed) {
        int[] outer = new int[count];
        int[] innerRows = new int[count];
        int[] innerBases = new int[count];
        int[] innerEnds = new int[count];
        int n = 0;
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            if (!struct.isNull(row)) {
                outer[n] = i;
                innerRows[n] = row;
                innerBases[n] = ends[i];
                innerEnds[n++] = ends[i] + fixed;
            }
        }
        new ColumnWriter(data, n, innerRows, innerBases, innerEnds).writeAll(struct.children());
        for (int k = 0; k < n; k++) {
            int i = outer[k];
            int size = innerEnds[k] - innerBases[k];
            UnsafeLayout.putLong(data, bases[i] + word, UnsafeLayout.reference(innerBases[k] - bases[i], size));
            ends[i] = innerEnds[k];
        }
    }
}
