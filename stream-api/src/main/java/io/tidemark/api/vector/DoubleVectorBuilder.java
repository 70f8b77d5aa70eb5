package io.tidemark.api.vector;

import io.tidemark.api.types.AtomicType;
import java.util.Arrays;

/** Builds a {@link DoubleVector}. */
public final class DoubleVectorBuilder extends VectorBuilder {
    private double[] values;

    DoubleVectorBuilder(int capacity) {
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
