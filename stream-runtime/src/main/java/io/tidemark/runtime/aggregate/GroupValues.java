package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.FloatVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.NullVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.function.RowComparator;
import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One value of any type for each group, replaced as rows come; null at first. */
abstract class GroupValues {
    final DataType type;
    final GroupFlags present = new GroupFlags();

    GroupValues(DataType type) {
        this.type = type;
    }

    static GroupValues of(DataType type) {
        if (type instanceof DecimalType decimal) {
            return decimal.fitsLong() ? new Longs(type) : new Wide(decimal);
        } else if (type instanceof AtomicType atomic) {
            return switch (atomic) {
                case NULL -> new Nulls();
                case BOOLEAN -> new Booleans();
                case TINYINT, SMALLINT, INT, DATE -> new Ints(type);
                case BIGINT, TIMESTAMP, TIMESTAMP_NTZ -> new Longs(type);
                case FLOAT -> new Floats();
                case DOUBLE -> new Doubles();
                case STRING, BINARY -> new BytesValues(type);
            };
        }
        return new NestedValues(type);
    }

    /** Makes room for {@code groups} groups. */
    final void grow(int groups) {
        present.grow(groups);
        resize(groups);
    }

    final boolean isNull(int group) {
        return !present.isSet(group);
    }

    /** Takes the value at a row, which may be null. */
    final void set(int group, ColumnVector from, int row) {
        if (from.isNull(row)) {
            present.clear(group);
        } else {
            present.set(group);
            put(group, from, row);
        }
    }

    /** Takes each value, not null, that is less or greater than what its group has. */
    void keepExtremes(int[] groups, ColumnVector input, Selection rows, boolean greater) {
        int @Nullable [] at = rows.positions();
        int sign = greater ? 1 : -1;
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            int group = groups[row];
            if (isNull(group) || sign * compare(group, input, row) < 0) {
                set(group, input, row);
            }
        }
    }

    /** Ends feeding from one batch of columns: what is kept does not point into them any more. */
    void settle() {}

    /** Compares the value of a group with that at a row, both not null, in Spark's order. */
    abstract int compare(int group, ColumnVector with, int row);

    abstract ColumnVector column(int groups);

    abstract long memoryBytes();

    abstract void resize(int groups);

    abstract void put(int group, ColumnVector from, int row);

    /** Values of the type void. */
    private static final class Nulls extends GroupValues {
        Nulls() {
            super(AtomicType.NULL);
        }

        @Override
        int compare(int group, ColumnVector with, int row) {
            return 0;
        }

        @Override
        ColumnVector column(int groups) {
            return new NullVector(groups);
        }

        @Override
        long memoryBytes() {
            return present.memoryBytes();
        }

        @Override
        void resize(int groups) {}

        @Override
        void put(int group, ColumnVector from, int row) {}
    }

    private static final class Booleans extends GroupValues {
        private boolean[] values = {};

        Booleans() {
            super(AtomicType.BOOLEAN);
        }

        @Override
        int compare(int group, ColumnVector with, int row) {
            return Boolean.compare(values[group], ((BooleanVector) with).values()[row]);
        }

        @Override
        ColumnVector column(int groups) {
            return new BooleanVector(type, groups, values, present.validity(groups));
        }

        @Override
        long memoryBytes() {
            return values.length + present.memoryBytes();
        }

        @Override
        void resize(int groups) {
            values = Arrays.copyOf(values, groups);
        }

        @Override
        void put(int group, ColumnVector from, int row) {
            values[group] = ((BooleanVector) from).values()[row];
        }
    }

    private static final class Ints extends GroupValues {
        private int[] values = {};

        Ints(DataType type) {
            super(type);
        }

        @Override
        void keepExtremes(int[] groups, ColumnVector input, Selection rows, boolean greater) {
            int[] mine = values;
            int[] theirs = ((IntVector) input).values();
            long[] bits = present.bits();
            int @Nullable [] at = rows.positions();
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                int group = groups[row];
                int value = theirs[row];
                boolean isNew = (bits[group >> 6] & (1L << group)) == 0;
                if (isNew || (greater ? value > mine[group] : value < mine[group])) {
                    mine[group] = value;
                    bits[group >> 6] |= 1L << group;
                }
            }
        }

        @Override
        int compare(int group, ColumnVector with, int row) {
            return Integer.compare(values[group], ((IntVector) with).values()[row]);
        }

        @Override
        ColumnVector column(int groups) {
            return new IntVector(type, groups, values, present.validity(groups));
        }

        @Override
        long memoryBytes() {
            return 4L * values.length + present.memoryBytes();
        }

        @Override
        void resize(int groups) {
            values = Arrays.copyOf(values, groups);
        }

        @Override
        void put(int group, ColumnVector from, int row) {
            values[group] = ((IntVector) from).values()[row];
        }
    }

    /** Long integers, timestamps and decimals of at most 18 digits. */
    private static final class Longs extends GroupValues {
        private long[] values = {};

        Longs(DataType type) {
            super(type);
        }

        @Override
        void keepExtremes(int[] groups, ColumnVector input, Selection rows, boolean greater) {
            long[] mine = values;
            long[] theirs = read(input);
            long[] bits = present.bits();
            int @Nullable [] at = rows.positions();
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                int group = groups[row];
                long value = theirs[row];
                boolean isNew = (bits[group >> 6] & (1L << group)) == 0;
                if (isNew || (greater ? value > mine[group] : value < mine[group])) {
                    mine[group] = value;
                    bits[group >> 6] |= 1L << group;
                }
            }
        }

        @Override
        int compare(int group, ColumnVector with, int row) {
            return Long.compare(values[group], read(with)[row]);
        }

        @Override
        ColumnVector column(int groups) {
            return type instanceof DecimalType decimal
                    ? new DecimalVector(decimal, groups, values, present.validity(groups))
                    : new LongVector(type, groups, values, present.validity(groups));
        }

        @Override
        long memoryBytes() {
            return 8L * values.length + present.memoryBytes();
        }

        @Override
        void resize(int groups) {
            values = Arrays.copyOf(values, groups);
        }

        @Override
        void put(int group, ColumnVector from, int row) {
            values[group] = read(from)[row];
        }

        private static long[] read(ColumnVector from) {
            return from instanceof LongVector longs ? longs.values() : ((DecimalVector) from).longs();
        }
    }

    private static final class Floats extends GroupValues {
        private float[] values = {};

        Floats() {
            super(AtomicType.FLOAT);
        }

        @Override
        int compare(int group, ColumnVector with, int row) {
            return RowComparator.compareDoubles(values[group], ((FloatVector) with).values()[row]);
        }

        @Override
        ColumnVector column(int groups) {
            return new FloatVector(type, groups, values, present.validity(groups));
        }

        @Override
        long memoryBytes() {
            return 4L * values.length + present.memoryBytes();
        }

        @Override
        void resize(int groups) {
            values = Arrays.copyOf(values, groups);
        }

        @Override
        void put(int group, ColumnVector from, int row) {
            values[group] = ((FloatVector) from).values()[row];
        }
    }

    private static final class Doubles extends GroupValues {
        private double[] values = {};

        Doubles() {
            super(AtomicType.DOUBLE);
        }

        @Override
        void keepExtremes(int[] groups, ColumnVector input, Selection rows, boolean greater) {
            double[] mine = values;
            double[] theirs = ((DoubleVector) input).values();
            long[] bits = present.bits();
            int @Nullable [] at = rows.positions();
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                int group = groups[row];
                double value = theirs[row];
                boolean isNew = (bits[group >> 6] & (1L << group)) == 0;
                if (isNew || (greater ? less(mine[group], value) : less(value, mine[group]))) {
                    mine[group] = value;
                    bits[group >> 6] |= 1L << group;
                }
            }
        }

        /** NaN is above all and equal to itself, the zeros are equal. */
        private static boolean less(double a, double b) {
            return a < b || (Double.isNaN(b) && !Double.isNaN(a));
        }

        @Override
        int compare(int group, ColumnVector with, int row) {
            return RowComparator.compareDoubles(values[group], ((DoubleVector) with).values()[row]);
        }

        @Override
        ColumnVector column(int groups) {
            return new DoubleVector(type, groups, values, present.validity(groups));
        }

        @Override
        long memoryBytes() {
            return 8L * values.length + present.memoryBytes();
        }

        @Override
        void resize(int groups) {
            values = Arrays.copyOf(values, groups);
        }

        @Override
        void put(int group, ColumnVector from, int row) {
            values[group] = ((DoubleVector) from).values()[row];
        }
    }

    /** Decimals of more than 18 digits. */
    private static final class Wide extends GroupValues {
        private static final int BYTES_EACH = 72;

        private final DecimalType decimal;
        private @Nullable BigInteger[] values = {};

        Wide(DecimalType type) {
            super(type);
            this.decimal = type;
        }

        @Override
        int compare(int group, ColumnVector with, int row) {
            return values[group].compareTo(((DecimalVector) with).unscaled(row));
        }

        @Override
        ColumnVector column(int groups) {
            BigInteger[] out = new BigInteger[groups];
            for (int i = 0; i < groups; i++) {
                out[i] = values[i] == null ? BigInteger.ZERO : values[i];
            }
            return new DecimalVector(decimal, groups, out, present.validity(groups));
        }

        @Override
        long memoryBytes() {
            return (long) BYTES_EACH * values.length + present.memoryBytes();
        }

        @Override
        void resize(int groups) {
            values = Arrays.copyOf(values, groups);
        }

        @Override
        void put(int group, ColumnVector from, int row) {
            values[group] = ((DecimalVector) from).unscaled(row);
        }
    }
}
