package io.tidemark.state.codec;

import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.VectorBuilder;
import java.util.List;
import java.util.Objects;

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
     * Appends one value a field to {@code into}. For many rows, decode a block.
     *
     * @param into one builder for each field
     * @throws MalformedRowException if the bytes cannot be a row of this schema: the rules are those of Spark's format
     *     validation; some builders may have got their value by then
     * @throws IndexOutOfBoundsException if the range does not lie in {@code data}
     */
    public void decode(byte[] data, int offset, int length, List<? extends VectorBuilder> into) {
        Objects.checkFromIndexSize(offset, length, data.length);
        new ValueReader(data).row(schema, offset, length, into);
    }

    /**
     * Decodes all rows of a block; an absent row gives nulls. Strings are not copied: their vectors hold on to the block.
     *
     * @throws MalformedRowException if one cannot be a row of this schema
     */
    public List<ColumnVector> decode(RowBlock rows) {
        int count = rows.count();
        int[] starts = new int[count];
        int[] lengths = new int[count];
        for (int i = 0; i < count; i++) {
            starts[i] = rows.start(i);
            lengths[i] = rows.length(i);
        }
        return new ColumnReader(rows.data(), count, starts, lengths).fields(schema, true);
    }
}
