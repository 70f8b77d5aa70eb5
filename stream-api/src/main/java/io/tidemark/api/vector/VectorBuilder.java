package io.tidemark.api.vector;

import io.tidemark.api.Row;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link ColumnVector} value by value. One thread. After {@link #build} the builder must not be used again: the
 * vector owns its arrays.
 */
public abstract sealed class VectorBuilder {
    private static final int MIN_CAPACITY = 16;

    final DataType type;
    int length;
    long @Nullable [] validity;

    private VectorBuilder(DataType type) {
        this.type = type;
    }

    /** Returns a builder for {@code type}, with room for {@code capacity} values before it grows. */
    public static VectorBuilder of(DataType type, int capacity) {
        int room = Math.max(MIN_CAPACITY, capacity);
        if (type instanceof AtomicType atomic) {
            return switch (atomic) {
                case NULL -> new OfNull();
                case BOOLEAN -> new OfBoolean(room);
                case TINYINT, SMALLINT, INT, DATE -> new OfInt(type, room);
                case BIGINT, TIMESTAMP, TIMESTAMP_NTZ -> new OfLong(type, room);
                case FLOAT -> new OfFloat(room);
                case DOUBLE -> new OfDouble(room);
                case STRING, BINARY -> new OfBytes(type, room);
            };
        } else if (type instanceof DecimalType decimal) {
            return new OfDecimal(decimal, room);
        } else if (type instanceof ArrayType array) {
            return new OfArray(array, room);
        } else if (type instanceof MapType map) {
            return new OfMap(map, room);
        }
        return new OfStruct((StructType) type, room);
    }

    /** Returns the number of values appended so far. */
    public final int length() {
        return length;
    }

    /** Appends a null. */
    public final void appendNull() {
        reserve();
        if (validity == null) {
            validity = Validity.allOf(Math.max(MIN_CAPACITY, length + 1));
        }
        ensureValidity();
        Validity.clear(validity, length);
        padNull();
        length++;
    }

    /** Appends a value as {@link ColumnVector#value} returns it, or null. For the rims of the system. */
    public final void append(@Nullable Object value) {
        if (value == null) {
            appendNull();
        } else {
            appendNonNull(value);
        }
    }

    /** Drops every value from position {@code newLength} on, and what children hold of a row that was not ended. */
    public void truncate(int newLength) {
        if (newLength > length) {
            throw new IllegalArgumentException("cannot truncate " + length + " values to " + newLength);
        }
        if (validity != null) {
            for (int i = newLength; i < length; i++) {
                Validity.set(validity, i);
            }
        }
        length = newLength;
    }

    /** Returns the column. */
    public abstract ColumnVector build();

    abstract void reserve();

    abstract void padNull();

    abstract void appendNonNull(Object value);

    final void appended() {
        if (validity != null) {
            ensureValidity();
        }
        length++;
    }

    private void ensureValidity() {
        long[] bits = Objects.requireNonNull(validity);
        int words = Validity.words(length + 1);
        if (words > bits.length) {
            long[] more = Arrays.copyOf(bits, Math.max(words, bits.length * 2));
            Arrays.fill(more, bits.length, more.length, -1L);
            validity = more;
        }
    }

    static int grown(int capacity) {
        return Math.max(MIN_CAPACITY, capacity + (capacity >> 1));
    }

    /** Builds a {@link NullVector}. */
    public static final class OfNull extends VectorBuilder {
        private OfNull() {
            super(AtomicType.NULL);
        }

        @Override
        void reserve() {}

        @Override
        void padNull() {}

        @Override
        void appendNonNull(Object value) {
            throw new IllegalArgumentException("a void column holds no value: " + value);
        }

        @Override
        public ColumnVector build() {
            return new NullVector(length);
        }
    }

    /** Builds a {@link BooleanVector}. */
    public static final class OfBoolean extends VectorBuilder {
        private boolean[] values;

        private OfBoolean(int capacity) {
            super(AtomicType.BOOLEAN);
            values = new boolean[capacity];
        }

        public void appendBoolean(boolean value) {
            reserve();
            values[length] = value;
            appended();
        }

        @Override
        void reserve() {
            if (length == values.length) {
                values = Arrays.copyOf(values, grown(length));
            }
        }

        @Override
        void padNull() {
            values[length] = false;
        }

        @Override
        void appendNonNull(Object value) {
            appendBoolean((Boolean) value);
        }

        @Override
        public ColumnVector build() {
            return new BooleanVector(type, length, values, validity);
        }
    }

    /** Builds an {@link IntVector}. */
    public static final class OfInt extends VectorBuilder {
        private int[] values;

        private OfInt(DataType type, int capacity) {
            super(type);
            values = new int[capacity];
        }

        public void appendInt(int value) {
            reserve();
            values[length] = value;
            appended();
        }

        @Override
        void reserve() {
            if (length == values.length) {
                values = Arrays.copyOf(values, grown(length));
            }
        }

        @Override
        void padNull() {
            values[length] = 0;
        }

        @Override
        void appendNonNull(Object value) {
            appendInt(
                    value instanceof LocalDate date
                            ? Math.toIntExact(date.toEpochDay())
                            : Math.toIntExact(((Number) value).longValue()));
        }

        @Override
        public ColumnVector build() {
            return new IntVector(type, length, values, validity);
        }
    }

    /** Builds a {@link LongVector}. */
    public static final class OfLong extends VectorBuilder {
        private long[] values;

        private OfLong(DataType type, int capacity) {
            super(type);
            values = new long[capacity];
        }

        public void appendLong(long value) {
            reserve();
            values[length] = value;
            appended();
        }

        @Override
        void reserve() {
            if (length == values.length) {
                values = Arrays.copyOf(values, grown(length));
            }
        }

        @Override
        void padNull() {
            values[length] = 0;
        }

        @Override
        void appendNonNull(Object value) {
            if (value instanceof Instant instant) {
                appendLong(micros(instant));
            } else if (value instanceof LocalDateTime local) {
                appendLong(micros(local.toInstant(ZoneOffset.UTC)));
            } else {
                appendLong(((Number) value).longValue());
            }
        }

        private static long micros(Instant instant) {
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
        }

        @Override
        public ColumnVector build() {
            return new LongVector(type, length, values, validity);
        }
    }

    /** Builds a {@link FloatVector}. */
    public static final class OfFloat extends VectorBuilder {
        private float[] values;

        private OfFloat(int capacity) {
            super(AtomicType.FLOAT);
            values = new float[capacity];
        }

        public void appendFloat(float value) {
            reserve();
            values[length] = value;
            appended();
        }

        @Override
        void reserve() {
            if (length == values.length) {
                values = Arrays.copyOf(values, grown(length));
            }
        }

        @Override
        void padNull() {
            values[length] = 0;
        }

        @Override
        void appendNonNull(Object value) {
            appendFloat((Float) value);
        }

        @Override
        public ColumnVector build() {
            return new FloatVector(type, length, values, validity);
        }
    }

    /** Builds a {@link DoubleVector}. */
    public static final class OfDouble extends VectorBuilder {
        private double[] values;

        private OfDouble(int capacity) {
            super(AtomicType.DOUBLE);
            values = new double[capacity];
        }

        public void appendDouble(double value) {
            reserve();
            values[length] = value;
            appended();
        }

        @Override
        void reserve() {
            if (length == values.length) {
                values = Arrays.copyOf(values, grown(length));
            }
        }

        @Override
        void padNull() {
            values[length] = 0;
        }

        @Override
        void appendNonNull(Object value) {
            appendDouble(((Number) value).doubleValue());
        }

        @Override
        public ColumnVector build() {
            return new DoubleVector(type, length, values, validity);
        }
    }

    /** Builds a {@link DecimalVector}. */
    public static final class OfDecimal extends VectorBuilder {
        private final DecimalType decimal;
        private long[] longs;
        private BigInteger[] wide;

        private OfDecimal(DecimalType type, int capacity) {
            super(type);
            decimal = type;
            longs = type.fitsLong() ? new long[capacity] : new long[0];
            wide = type.fitsLong() ? new BigInteger[0] : new BigInteger[capacity];
        }

        /** Appends a value whose unscaled form is given; at most 18 digits only. */
        public void appendUnscaled(long unscaled) {
            reserve();
            if (decimal.fitsLong()) {
                longs[length] = unscaled;
            } else {
                wide[length] = BigInteger.valueOf(unscaled);
            }
            appended();
        }

        /**
         * Appends a value, brought to the scale of the type.
         *
         * @throws ArithmeticException if it does not fit without loss
         */
        public void appendDecimal(BigDecimal value) {
            BigDecimal scaled = value.setScale(decimal.scale(), RoundingMode.UNNECESSARY);
            if (scaled.precision() > decimal.precision()) {
                throw new ArithmeticException(value + " does not fit " + decimal.simpleString());
            }
            reserve();
            if (decimal.fitsLong()) {
                longs[length] = scaled.unscaledValue().longValueExact();
            } else {
                wide[length] = scaled.unscaledValue();
            }
            appended();
        }

        @Override
        void reserve() {
            if (decimal.fitsLong() && length == longs.length) {
                longs = Arrays.copyOf(longs, grown(length));
            } else if (!decimal.fitsLong() && length == wide.length) {
                wide = Arrays.copyOf(wide, grown(length));
            }
        }

        @Override
        void padNull() {
            if (decimal.fitsLong()) {
                longs[length] = 0;
            } else {
                wide[length] = BigInteger.ZERO;
            }
        }

        @Override
        void appendNonNull(Object value) {
            appendDecimal((BigDecimal) value);
        }

        @Override
        public ColumnVector build() {
            return decimal.fitsLong()
                    ? new DecimalVector(decimal, length, longs, validity)
                    : new DecimalVector(decimal, length, wide, validity);
        }
    }

    /** Builds a {@link BytesVector} with bytes of its own. */
    public static final class OfBytes extends VectorBuilder {
        private byte[] data;
        private int used;
        private int[] starts;
        private int[] lengths;

        private OfBytes(DataType type, int capacity) {
            super(type);
            data = new byte[capacity * 16];
            starts = new int[capacity];
            lengths = new int[capacity];
        }

        /** Appends a copy of the given range. */
        public void appendBytes(byte[] from, int offset, int count) {
            reserve();
            reserveBytes(count);
            System.arraycopy(from, offset, data, used, count);
            starts[length] = used;
            lengths[length] = count;
            used += count;
            appended();
        }

        public void appendString(String value) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            appendBytes(utf8, 0, utf8.length);
        }

        /** Makes room for {@code count} more bytes and returns the array to write them to, at {@link #used}. */
        public byte[] reserveBytes(int count) {
            if (count > data.length - used) {
                long wanted = Math.max((long) used + count, data.length + (long) (data.length >> 1));
                if ((long) used + count > Integer.MAX_VALUE - 16) {
                    throw new IllegalStateException("a column of one batch exceeds 2 GiB");
                }
                data = Arrays.copyOf(data, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
            }
            return data;
        }

        /** Returns how many bytes of the data array are taken. */
        public int used() {
            return used;
        }

        /** Appends the {@code count} bytes that the caller wrote at {@link #used} after {@link #reserveBytes}. */
        public void appendReserved(int count) {
            reserve();
            starts[length] = used;
            lengths[length] = count;
            used += count;
            appended();
        }

        @Override
        void reserve() {
            if (length == starts.length) {
                int capacity = grown(length);
                starts = Arrays.copyOf(starts, capacity);
                lengths = Arrays.copyOf(lengths, capacity);
            }
        }

        @Override
        void padNull() {
            starts[length] = used;
            lengths[length] = 0;
        }

        @Override
        void appendNonNull(Object value) {
            if (value instanceof byte[] bytes) {
                appendBytes(bytes, 0, bytes.length);
            } else {
                appendString((String) value);
            }
        }

        @Override
        public ColumnVector build() {
            return new BytesVector(type, length, data, starts, lengths, validity);
        }
    }

    /** Builds an {@link ArrayVector}: append elements to {@link #elements}, then end the row. */
    public static final class OfArray extends VectorBuilder {
        private final ArrayType array;
        private final VectorBuilder elements;
        private int[] starts;
        private int[] lengths;
        private int open;

        private OfArray(ArrayType type, int capacity) {
            super(type);
            array = type;
            elements = VectorBuilder.of(type.elementType(), capacity);
            starts = new int[capacity];
            lengths = new int[capacity];
        }

        public VectorBuilder elements() {
            return elements;
        }

        /** Makes a row of the elements appended since the last row. */
        public void endRow() {
            reserve();
            starts[length] = open;
            lengths[length] = elements.length() - open;
            open = elements.length();
            appended();
        }

        @Override
        public void truncate(int newLength) {
            if (newLength < length) {
                open = starts[newLength];
            }
            elements.truncate(open);
            super.truncate(newLength);
        }

        @Override
        void reserve() {
            if (length == starts.length) {
                starts = Arrays.copyOf(starts, grown(length));
                lengths = Arrays.copyOf(lengths, starts.length);
            }
        }

        @Override
        void padNull() {
            elements.truncate(open);
            starts[length] = open;
            lengths[length] = 0;
        }

        @Override
        void appendNonNull(Object value) {
            for (Object element : (List<?>) value) {
                elements.append(element);
            }
            endRow();
        }

        @Override
        public ColumnVector build() {
            return new ArrayVector(array, length, starts, lengths, elements.build(), validity);
        }
    }

    /** Builds a {@link MapVector}: append to {@link #keys} and {@link #entryValues} in step, then end the row. */
    public static final class OfMap extends VectorBuilder {
        private final MapType map;
        private final VectorBuilder keys;
        private final VectorBuilder entryValues;
        private int[] starts;
        private int[] lengths;
        private int open;

        private OfMap(MapType type, int capacity) {
            super(type);
            map = type;
            keys = VectorBuilder.of(type.keyType(), capacity);
            entryValues = VectorBuilder.of(type.valueType(), capacity);
            starts = new int[capacity];
            lengths = new int[capacity];
        }

        public VectorBuilder keys() {
            return keys;
        }

        public VectorBuilder entryValues() {
            return entryValues;
        }

        /** Makes a row of the entries appended since the last row. */
        public void endRow() {
            if (keys.length() != entryValues.length()) {
                throw new IllegalStateException(keys.length() + " keys but " + entryValues.length() + " values");
            }
            reserve();
            starts[length] = open;
            lengths[length] = keys.length() - open;
            open = keys.length();
            appended();
        }

        @Override
        public void truncate(int newLength) {
            if (newLength < length) {
                open = starts[newLength];
            }
            keys.truncate(open);
            entryValues.truncate(open);
            super.truncate(newLength);
        }

        @Override
        void reserve() {
            if (length == starts.length) {
                starts = Arrays.copyOf(starts, grown(length));
                lengths = Arrays.copyOf(lengths, starts.length);
            }
        }

        @Override
        void padNull() {
            keys.truncate(open);
            entryValues.truncate(open);
            starts[length] = open;
            lengths[length] = 0;
        }

        @Override
        void appendNonNull(Object value) {
            ((Map<?, ?>) value).forEach((k, v) -> {
                keys.append(k);
                entryValues.append(v);
            });
            endRow();
        }

        @Override
        public ColumnVector build() {
            return new MapVector(map, length, starts, lengths, keys.build(), entryValues.build(), validity);
        }
    }

    /** Builds a {@link StructVector}: append to some children, then end the row; the other fields become null. */
    public static final class OfStruct extends VectorBuilder {
        private final StructType struct;
        private final List<VectorBuilder> children = new ArrayList<>();

        private OfStruct(StructType type, int capacity) {
            super(type);
            struct = type;
            type.fields().forEach(f -> children.add(VectorBuilder.of(f.dataType(), capacity)));
        }

        /** Returns the builder of the field at {@code ordinal}. */
        public VectorBuilder child(int ordinal) {
            return children.get(ordinal);
        }

        /** Makes a row of what was appended to the children since the last row. */
        public void endRow() {
            padChildren();
            appended();
        }

        @Override
        public void truncate(int newLength) {
            for (VectorBuilder child : children) {
                child.truncate(newLength); // also where its length is right: it may hold half a row itself
            }
            super.truncate(newLength);
        }

        @Override
        void reserve() {}

        @Override
        void padNull() {
            for (VectorBuilder child : children) {
                child.truncate(length);
            }
            padChildren();
        }

        private void padChildren() {
            for (VectorBuilder child : children) {
                if (child.length() == length) {
                    child.appendNull();
                }
            }
        }

        @Override
        void appendNonNull(Object value) {
            Row row = (Row) value;
            for (int i = 0; i < children.size(); i++) {
                children.get(i).append(row.get(i));
            }
            endRow();
        }

        @Override
        public ColumnVector build() {
            return new StructVector(
                    struct, length, children.stream().map(VectorBuilder::build).toList(), validity);
        }
    }
}
