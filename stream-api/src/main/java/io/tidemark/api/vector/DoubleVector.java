package io.tidemark.api.vector;

import io.tidemark.api.types.DataType;
import org.jspecify.annotations.Nullable;

/** A column of DOUBLE. */
public final class DoubleVector extends ColumnVector {
    private final double[] values;

    /** Wraps the first {@code length} of {@code values}; the arrays are not copied and must not change any more. */
    public DoubleVector(DataType type, int length, double[] values, long @Nullable [] validity) {
        super(type, length, validity);
        this.values = values;
    }

    /** Returns the values by position. Read only. */
    public double[] values() {
        return values;
    }

    @Override
    Object nonNullValue(int row) {
        return values[row];
    }
}
