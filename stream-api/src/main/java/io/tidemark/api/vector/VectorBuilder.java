package io.tidemark.api.vector;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link ColumnVector} value by value. One thread. After {@link #build} the builder must not be used again: the
 * vector owns its arrays.
 */
public abstract sealed class VectorBuilder
        permits NullVectorBuilder,
                BooleanVectorBuilder,
                IntVectorBuilder,
                LongVectorBuilder,
                FloatVectorBuilder,
                DoubleVectorBuilder,
                DecimalVectorBuilder,
                BytesVectorBuilder,
                ArrayVectorBuilder,
                MapVectorBuilder,
                StructVectorBuilder {
    private static final int MIN_CAPACITY = 16;

    final DataType type;
    int length;
    long @Nullable [] validity;

    VectorBuilder(DataType type) {
        this.type = type;
    }

    /** Returns a builder for {@code type}, with room for {@code capacity} values before it grows. */
    public static VectorBuilder of(DataType type, int capacity) {
        int room = Math.max(MIN_CAPACITY, capacity);
        if (type instanceof AtomicType atomic) {
            return switch (atomic) {
                case NULL -> new NullVectorBuilder();
                case BOOLEAN -> new BooleanVectorBuilder(room);
                case TINYINT, SMALLINT, INT, DATE -> new IntVectorBuilder(type, room);
                case BIGINT, TIMESTAMP, TIMESTAMP_NTZ -> new LongVectorBuilder(type, room);
                case FLOAT -> new FloatVectorBuilder(room);
                case DOUBLE -> new DoubleVectorBuilder(room);
                case STRING, BINARY -> new BytesVectorBuilder(type, room);
            };
        } else if (type instanceof DecimalType decimal) {
            return new DecimalVectorBuilder(decimal, room);
        } else if (type instanceof ArrayType array) {
            return new ArrayVectorBuilder(array, room);
        } else if (type instanceof MapType map) {
            return new MapVectorBuilder(map, room);
        }
        return new StructVectorBuilder((StructType) type, room);
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
}
