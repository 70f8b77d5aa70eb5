package io.tidemark.api.vector;

import io.tidemark.api.types.AtomicType;

/** Builds a {@link NullVector}. */
public final class NullVectorBuilder extends VectorBuilder {
    NullVectorBuilder() {
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
