package io.tidemark.api.vector;

import io.tidemark.api.types.DataType;
import java.time.LocalDate;
import java.util.Arrays;

/** Builds an {@link IntVector}. */
public final class IntVectorBuilder extends VectorBuilder {
    private int[] values;

    IntVectorBuilder(DataType type, int capacity) {
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
