package io.tidemark.api.vector;

import io.tidemark.api.types.AtomicType;

/** A column of type VOID: all null. */
public final class NullVector extends ColumnVector {
    public NullVector(int length) {
        super(AtomicType.NULL, length, Validity.noneOf(length));
    }

    @Override
    Object nonNullValue(int row) {
        throw new IllegalStateException("a void column has no value at " + row);
    }
}
