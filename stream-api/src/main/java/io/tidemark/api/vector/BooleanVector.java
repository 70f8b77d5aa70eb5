package io.tidemark.api.vector;

import io.tidemark.api.types.DataType;
import org.jspecify.annotations.Nullable;

/** A column of BOOLEAN. */
public final class BooleanVector extends ColumnVector {
    private final boolean[] values;

    /** Wraps the first {@code length} of {@code values}; the arrays are not copied and must not change any more. */
    public BooleanVector(DataType type, int length, boolean[] values, long @Nullable [] validity) {
        super(type, length, validity);
        this.values = values;
    }

    /** Returns the values by position. Read only. */
    public boolean[] values() {
        return values;
    }

    @Override
    Object nonNullValue(int row) {
        return values[row];
    }
}
