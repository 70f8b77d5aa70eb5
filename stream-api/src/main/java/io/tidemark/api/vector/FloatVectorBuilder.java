package io.tidemark.api.vector;

import io.tidemark.api.types.AtomicType;
import java.util.Arrays;

/** Builds a {@link FloatVector}. */
public final class FloatVectorBuilder extends VectorBuilder {
    private float[] values;

    FloatVectorBuilder(int capacity) {
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
