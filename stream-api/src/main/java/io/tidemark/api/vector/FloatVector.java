package io.tidemark.api.vector;

import io.tidemark.api.types.DataType;
import org.jspecify.annotations.Nullable;

/** A column of FLOAT. */
public final class FloatVector extends ColumnVector {
    private final float[] values;

    /** Wraps the first {@code length} of {@code values}; the arrays are not copied and must not change any more. */
    public FloatVector(DataType type, int length, float[] values, long @Nullable [] validity) {
        super(type, length, validity);
        this.values = values;
    }

    /** Returns the values by position. Read only. */
    public float[] values() {
        return values;
    }

    @Override
    Object nonNullValue(int row) {
        return values[row];
    }
}
