package io.tidemark.api.vector;

import io.tidemark.api.types.AtomicType;
import java.util.Arrays;

/** Builds a {@link BooleanVector}. */
public final class BooleanVectorBuilder extends VectorBuilder {
    private boolean[] values;

    BooleanVectorBuilder(int capacity) {
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
