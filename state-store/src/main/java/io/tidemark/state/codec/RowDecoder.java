package io.tidemark.state.codec;

import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.VectorBuilder;
import java.util.List;

/** Decodes Spark's UnsafeRow bytes into columns. Immutable. */
public final class RowDecoder {
    private final StructType schema;

    public RowDecoder(StructType schema) {
        this.schema = schema;
    }

    public StructType schema() {
        return schema;
    }

    /**
     * Appends one value a field to {@code into}.
     *
     * @param into one builder for each field
     * @throws MalformedRowException if the bytes cannot be a row of this schema: the rules are those of Spark's format
     *     validation
     */
    public void decode(byte[] data, int offset, int length, List<? extends VectorBuilder> into) {
        throw new UnsupportedOperationException(schema.simpleString());
    }

    /** Decodes all rows of a block; an absent row gives nulls. */
    public List<ColumnVector> decode(RowBlock rows) {
        throw new UnsupportedOperationException(schema.simpleString());
    }
}
