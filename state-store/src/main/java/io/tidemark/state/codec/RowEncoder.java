package io.tidemark.state.codec;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import java.util.Arrays;
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
     * @param columns one for each field of the schema, of its type; names and nullability are not compared
     * @throws IllegalStateException if the block would exceed 2 GiB
     */
    public void encode(List<? extends ColumnVector> columns, Selection rows, RowBlock.Builder into) {
        if (columns.size() != schema.size()) {
            throw new IllegalArgumentException(columns.size() + " columns for " + schema.simpleString());
        }
        int count = rows.count();
        int[] positions = rows.positions();
        int[] sizes = new int[count];
        Arrays.fill(sizes, UnsafeLayout.fixedBytes(schema.size()));
        for (int i = 0; i < columns.size(); i++) {
            checkType(columns.get(i), i);
            ColumnWriter.measure(columns.get(i), count, positions, sizes);
        }
        int[] bases = new int[count];
        int[] ends = new int[count];
        long total = 0;
        for (int i = 0; i < count; i++) {
            bases[i] = into.used() + (int) total;
            ends[i] = bases[i] + UnsafeLayout.fixedBytes(schema.size());
            total += sizes[i];
            if (total > Integer.MAX_VALUE - 16 - into.used()) {
                throw new IllegalStateException("a block of rows exceeds 2 GiB");
            }
        }
        byte[] data = into.reserve((int) total);
        Arrays.fill(data, into.used(), into.used() + (int) total, (byte) 0);
        new ColumnWriter(data, count, positions, bases, ends).writeAll(columns);
        for (int size : sizes) {
            into.endRow(size);
        }
    }

    private void checkType(ColumnVector column, int ordinal) {
        DataType wanted = schema.field(ordinal).dataType();
        if (column.type() != wanted && !sameLayout(column.type(), wanted)) {
            throw new IllegalArgumentException("column " + schema.field(ordinal).name() + " is of type "
                    + column.type().simpleString() + ", not " + wanted.simpleString());
        }
    }

    /** Compares types without the names and nullability of fields. */
    private static boolean sameLayout(DataType a, DataType b) {
        if (a instanceof StructType x && b instanceof StructType y) {
            boolean same = x.size() == y.size();
            for (int i = 0; same && i < x.size(); i++) {
                same = sameLayout(x.field(i).dataType(), y.field(i).dataType());
            }
            return same;
        } else if (a instanceof ArrayType x && b instanceof ArrayType y) {
            return sameLayout(x.elementType(), y.elementType());
        } else if (a instanceof MapType x && b instanceof MapType y) {
            return sameLayout(x.keyType(), y.keyType()) && sameLayout(x.valueType(), y.valueType());
        }
        return a.equals(b);
    }

    /** Returns the selected rows as a block. */
    public RowBlock encode(List<? extends ColumnVector> columns, Selection rows) {
        RowBlock.Builder builder = new RowBlock.Builder(rows.count(), rows.count() * (8 + 16 * schema.size()));
        encode(columns, rows, builder);
        return builder.build();
    }
}
