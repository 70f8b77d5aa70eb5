package io.tidemark.runtime.operator;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.FloatVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.NullVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.StructVector;
import io.tidemark.api.vector.Validity;
import io.tidemark.state.codec.RowBlock;
import io.tidemark.state.codec.RowDecoder;
import io.tidemark.state.codec.RowEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One key column of the groups of a {@link GroupTable}, by group: grows as groups are found. One thread. */
abstract sealed class KeyColumn {
    private static final int FIRST_CAPACITY = 64;

    final DataType type;
    int length;
    long @Nullable [] validity;

    private KeyColumn(DataType type) {
        this.type = type;
    }

    static KeyColumn of(DataType type) {
        if (isEncoded(type)) {
            return new OfEncoded(type);
        } else if (type instanceof AtomicType atomic) {
            return switch (atomic) {
                case NULL -> new OfNull();
                case BOOLEAN -> new OfBoolean();
                case TINYINT, SMALLINT, INT, DATE -> new OfInt(type);
                case BIGINT, TIMESTAMP, TIMESTAMP_NTZ -> new OfLong(type);
                case FLOAT -> new OfFloat();
                case DOUBLE -> new OfDouble();
                case STRING, BINARY -> new OfBytes(type);
            };
        } else if (type instanceof DecimalType) {
            return new OfLong(type);
        }
        return new OfStruct((StructType) type);
    }

    /** Returns whether values are compared as encoded bytes: rare types that need no loops of their own. */
    private static boolean isEncoded(DataType type) {
        return type instanceof ArrayType
                || type instanceof MapType
                || (type instanceof DecimalType decimal && !decimal.fitsLong())
                || (type instanceof StructType struct
                        && struct.fields().stream().anyMatch(f -> isEncoded(f.dataType())));
    }

    /** Returns the column in the form that the other methods take; called once for each batch. */
    ColumnVector prepare(ColumnVector column, Selection rows) {
        return column;
    }

    /** Appends the values at the first {@code count} of {@code rows}. */
    abstract void append(ColumnVector column, int[] rows, int count);

    /** Sets {@code different[i]} where the value at {@code rows[i]} is not that of the row's group. */
    abstract void compare(ColumnVector column, int[] rows, int count, int[] groups, boolean[] different);

    /** Returns the values of all groups; the arrays are this column's. */
    abstract ColumnVector vector();

    abstract long memoryBytes();

    final int grown(int capacity, int count) {
        return length + count <= capacity
                ? capacity
                : Math.max(FIRST_CAPACITY, Math.max(length + count, capacity + (capacity >> 1)));
    }

    final long validityBytes() {
        return validity == null ? 0 : 8L * validity.length;
    }

    final void appendValidity(ColumnVector column, int[] rows, int count) {
        int words = (length + count + 63) >> 6;
        if (validity != null && words > validity.length) {
            int old = validity.length;
            validity = Arrays.copyOf(validity, Math.max(words, 2 * old));
            Arrays.fill(validity, old, validity.length, -1L);
        }
        if (column.mayHaveNulls()) {
            for (int i = 0; i < count; i++) {
                if (column.isNull(rows[i])) {
                    if (validity == null) {
                        validity = Validity.allOf(64 * Math.max(words, 16));
                    }
                    Validity.clear(validity, length + i);
                }
            }
        }
    }

    /** Compares which are null and returns whether any may be. */
    final boolean compareNulls(ColumnVector column, int[] rows, int count, int[] groups, boolean[] different) {
        if (validity == null && !column.mayHaveNulls()) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            different[i] |= column.isNull(rows[i]) == Validity.isValid(validity, groups[rows[i]]);
        }
        return true;
    }

    private static final class OfNull extends KeyColumn {
        OfNull() {
            super(AtomicType.NULL);
        }

        @Override
        void append(ColumnVector column, int[] rows, int count) {
            length += count;
        }

        @Override
        void compare(ColumnVector column, int[] rows, int count, int[] groups, boolean[] different) {}

        @Override
        ColumnVector vector() {
            return new NullVector(length);
        }

        @Override
        long memoryBytes() {
            return 0;
        }
    }

    /** Longs, timestamps, and decimals of at most 18 digits. */
    private static final class OfLong extends KeyColumn {
        private long[] values = {};

        OfLong(DataType type) {
            super(type);
        }

        private static long[] values(ColumnVector column) {
            return column instanceof LongVector longs ? longs.values() : ((DecimalVector) column).longs();
        }

        @Override
        void append(ColumnVector column, int[] rows, int count) {
            appendValidity(column, rows, count);
            values = Arrays.copyOf(values, grown(values.length, count));
            long[] from = values(column);
            for (int i = 0; i < count; i++) {
                values[length + i] = from[rows[i]];
            }
            length += count;
        }

        @Override
        void compare(ColumnVector column, int[] rows, int count, int[] groups, boolean[] different) {
            boolean nulls = compareNulls(column, rows, count, groups, different);
            long[] from = values(column);
            for (int i = 0; i < count; i++) {
                int row = rows[i];
                different[i] |= from[row] != values[groups[row]] && !(nulls && column.isNull(row));
            }
        }

        @Override
        ColumnVector vector() {
            return type instanceof DecimalType decimal
                    ? new DecimalVector(decimal, length, values, validity)
                    : new LongVector(type, length, values, validity);
        }

        @Override
        long memoryBytes() {
            return 8L * values.length + validityBytes();
        }
    }

    private static final class OfInt extends KeyColumn {
        private int[] values = {};

        OfInt(DataType type) {
            super(type);
        }

        @Override
        void append(ColumnVector column, int[] rows, int count) {
            appendValidity(column, rows, count);
            values = Arrays.copyOf(values, grown(values.length, count));
            int[] from = ((IntVector) column).values();
            for (int i = 0; i < count; i++) {
                values[length + i] = from[rows[i]];
            }
            length += count;
        }

        @Override
        void compare(ColumnVector column, int[] rows, int count, int[] groups, boolean[] different) {
            boolean nulls = compareNulls(column, rows, count, groups, different);
            int[] from = ((IntVector) column).values();
            for (int i = 0; i < count; i++) {
                int row = rows[i];
                different[i] |= from[row] != values[groups[row]] && !(nulls && column.isNull(row));
            }
        }

        @Override
        ColumnVector vector() {
            return new IntVector(type, length, values, validity);
        }

        @Override
        long memoryBytes() {
            return 4L * values.length + validityBytes();
        }
    }

    /** Compared by their bits: the caller has normalised them, or wants -0.0 and 0.0 to be two keys. */
    private static final class OfDouble extends KeyColumn {
        private double[] values = {};

        OfDouble() {
            super(AtomicType.DOUBLE);
        }

        @Override
        void append(ColumnVector column, int[] rows, int count) {
            appendValidity(column, rows, count);
            values = Arrays.copyOf(values, grown(values.length, count));
            double[] from = ((DoubleVector) column).values();
            for (int i = 0; i < count; i++) {
                values[length + i] = from[rows[i]];
            }
            length += count;
        }

        @Override
        void compare(ColumnVector column, int[] rows, int count, int[] groups, boolean[] different) {
            boolean nulls = compareNulls(column, rows, count, groups, different);
            double[] from = ((DoubleVector) column).values();
            for (int i = 0; i < count; i++) {
                int row = rows[i];
                boolean same = Double.doubleToRawLongBits(from[row]) == Double.doubleToRawLongBits(values[groups[row]]);
                different[i] |= !same && !(nulls && column.isNull(row));
            }
        }

        @Override
        ColumnVector vector() {
            return new DoubleVector(type, length, values, validity);
        }

        @Override
        long memoryBytes() {
            return 8L * values.length + validityBytes();
        }
    }

    private static final class OfFloat extends KeyColumn {
        private float[] values = {};

        OfFloat() {
            super(AtomicType.FLOAT);
        }

        @Override
        void append(ColumnVector column, int[] rows, int count) {
            appendValidity(column, rows, count);
            values = Arrays.copyOf(values, grown(values.length, count));
            float[] from = ((FloatVector) column).values();
            for (int i = 0; i < count; i++) {
                values[length + i] = from[rows[i]];
            }
            length += count;
        }

        @Override
        void compare(ColumnVector column, int[] rows, int count, int[] groups, boolean[] different) {
            boolean nulls = compareNulls(column, rows, count, groups, different);
            float[] from = ((FloatVector) column).values();
            for (int i = 0; i < count; i++) {
                int row = rows[i];
                boolean same = Float.floatToRawIntBits(from[row]) == Float.floatToRawIntBits(values[groups[row]]);
                different[i] |= !same && !(nulls && column.isNull(row));
            }
        }

        @Override
        ColumnVector vector() {
            return new FloatVector(type, length, values, validity);
        }

        @Override
        long memoryBytes() {
            return 4L * values.length + validityBytes();
        }
    }

    private static final class OfBoolean extends KeyColumn {
        private boolean[] values = {};

        OfBoolean() {
            super(AtomicType.BOOLEAN);
        }

        @Override
        void append(ColumnVector column, int[] rows, int count) {
            appendValidity(column, rows, count);
            values = Arrays.copyOf(values, grown(values.length, count));
            boolean[] from = ((BooleanVector) column).values();
            for (int i = 0; i < count; i++) {
                values[length + i] = from[rows[i]];
            }
            length += count;
        }

        @Override
        void compare(ColumnVector column, int[] rows, int count, int[] groups, boolean[] different) {
            boolean nulls = compareNulls(column, rows, count, groups, different);
            boolean[] from = ((BooleanVector) column).values();
            for (int i = 0; i < count; i++) {
                int row = rows[i];
                different[i] |= from[row] != values[groups[row]] && !(nulls && column.isNull(row));
            }
        }

        @Override
        ColumnVector vector() {
            return new BooleanVector(type, length, values, validity);
        }

        @Override
        long memoryBytes() {
            return values.length + validityBytes();
        }
    }

    private static final class OfBytes extends KeyColumn {
        private byte[] data = {};
        private int used;
        private int[] starts = {};
        private int[] lengths = {};

        OfBytes(DataType type) {
            super(type);
        }

        @Override
        void append(ColumnVector column, int[] rows, int count) {
            appendValidity(column, rows, count);
            int capacity = grown(starts.length, count);
            starts = Arrays.copyOf(starts, capacity);
            lengths = Arrays.copyOf(lengths, capacity);
            BytesVector bytes = (BytesVector) column;
            for (int i = 0; i < count; i++) {
                int size = bytes.isNull(rows[i]) ? 0 : bytes.lengths()[rows[i]];
                reserve(size);
                System.arraycopy(bytes.data(), size == 0 ? 0 : bytes.starts()[rows[i]], data, used, size);
                starts[length + i] = used;
                lengths[length + i] = size;
                used += size;
            }
            length += count;
        }

        private void reserve(int size) {
            if (size > data.length - used) {
                long wanted = Math.max((long) used + size, 256 + data.length + (long) (data.length >> 1));
                if ((long) used + size > Integer.MAX_VALUE - 16) {
                    throw new IllegalStateException("the keys of one task exceed 2 GiB");
                }
                data = Arrays.copyOf(data, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
            }
        }

        @Override
        void compare(ColumnVector column, int[] rows, int count, int[] groups, boolean[] different) {
            boolean nulls = compareNulls(column, rows, count, groups, different);
            BytesVector bytes = (BytesVector) column;
            byte[] from = bytes.data();
            int[] fromStarts = bytes.starts();
            int[] fromLengths = bytes.lengths();
            for (int i = 0; i < count; i++) {
                int row = rows[i];
                if (nulls && column.isNull(row)) {
                    continue;
                }
                int group = groups[row];
                int size = fromLengths[row];
                int a = fromStarts[row];
                int b = starts[group];
                different[i] |= size != lengths[group] || !Arrays.equals(from, a, a + size, data, b, b + size);
            }
        }

        @Override
        BytesVector vector() {
            return new BytesVector(type, length, data, starts, lengths, validity);
        }

        @Override
        long memoryBytes() {
            return data.length + 8L * starts.length + validityBytes();
        }
    }

    private static final class OfStruct extends KeyColumn {
        private final StructType struct;
        private final List<KeyColumn> children = new ArrayList<>();

        OfStruct(StructType type) {
            super(type);
            struct = type;
            type.fields().forEach(f -> children.add(of(f.dataType())));
        }

        @Override
        void append(ColumnVector column, int[] rows, int count) {
            appendValidity(column, rows, count);
            StructVector from = (StructVector) column;
            for (int i = 0; i < children.size(); i++) {
                children.get(i).append(from.child(i), rows, count);
            }
            length += count;
        }

        @Override
        void compare(ColumnVector column, int[] rows, int count, int[] groups, boolean[] different) {
            if (compareNulls(column, rows, count, groups, different)) {
                compareSome(column, rows, count, groups, different);
                return;
            }
            StructVector from = (StructVector) column;
            for (int i = 0; i < children.size(); i++) {
                children.get(i).compare(from.child(i), rows, count, groups, different);
            }
        }

        /** What the fields of a null hold does not count. */
        private void compareSome(ColumnVector column, int[] rows, int count, int[] groups, boolean[] different) {
            StructVector from = (StructVector) column;
            int[] someRows = new int[count];
            int[] places = new int[count];
            int n = 0;
            for (int i = 0; i < count; i++) {
                if (!different[i] && !column.isNull(rows[i])) {
                    places[n] = i;
                    someRows[n++] = rows[i];
                }
            }
            boolean[] someDifferent = new boolean[n];
            for (int i = 0; i < children.size(); i++) {
                children.get(i).compare(from.child(i), someRows, n, groups, someDifferent);
            }
            for (int k = 0; k < n; k++) {
                different[places[k]] |= someDifferent[k];
            }
        }

        @Override
        ColumnVector vector() {
            return new StructVector(
                    struct, length, children.stream().map(KeyColumn::vector).toList(), validity);
        }

        @Override
        long memoryBytes() {
            return validityBytes()
                    + children.stream().mapToLong(KeyColumn::memoryBytes).sum();
        }
    }

    /** Values as rows of one column, compared byte by byte. */
    private static final class OfEncoded extends KeyColumn {
        private final StructType row;
        private final OfBytes bytes = new OfBytes(AtomicType.BINARY);

        OfEncoded(DataType type) {
            super(type);
            row = StructType.EMPTY.add("key", type);
        }

        @Override
        ColumnVector prepare(ColumnVector column, Selection rows) {
            RowBlock block = new RowEncoder(row).encode(List.of(column), rows);
            int[] starts = new int[rows.limit()];
            int[] lengths = new int[starts.length];
            for (int i = 0; i < rows.count(); i++) {
                starts[rows.at(i)] = block.start(i);
                lengths[rows.at(i)] = block.length(i);
            }
            return new BytesVector(AtomicType.BINARY, starts.length, block.data(), starts, lengths, null);
        }

        @Override
        void append(ColumnVector column, int[] rows, int count) {
            bytes.append(column, rows, count);
            length += count;
        }

        @Override
        void compare(ColumnVector column, int[] rows, int count, int[] groups, boolean[] different) {
            bytes.compare(column, rows, count, groups, different);
        }

        @Override
        ColumnVector vector() {
            BytesVector all = bytes.vector();
            RowBlock block = new RowBlock(all.data(), all.starts(), all.lengths(), length);
            return new RowDecoder(row).decode(block).get(0);
        }

        @Override
        long memoryBytes() {
            return bytes.memoryBytes();
        }
    }
}
