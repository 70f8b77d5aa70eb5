package io.tidemark.state.codec;

import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import java.util.List;

/** Encodes rows of columns as Spark's UnsafeRow bytes; the layout is drawn in the package's description. Immutable. */
public final class RowEncoder {
    private final StructType schema;

    public RowEncoder(StructType schema) {
        this.schema = schema;
    }

    public StructType schema() {
        return schema;
    }

    /**
     * Appends the selected rows to {@code into}, in their order, each in canonical form: padding and the words of nulls
     * are zero, narrow values are not sign-extended.
     *
     * @param columns one for each field of the schema
     */
    public void encode(List<? extends ColumnVector> columns, Selection rows, RowBlock.Builder into) {
        throw new UnsupportedOperationException(schema.simpleString());
    }

    /** Returns the selected rows as a block. */
    public RowBlock encode(List<? extends ColumnVector> columns, Selection rows) {
        RowBlock.Builder builder = new RowBlock.Builder(rows.count(), rows.count() * (8 + 16 * schema.size()));
        encode(columns, rows, builder);
        return builder.build();
    }
}
