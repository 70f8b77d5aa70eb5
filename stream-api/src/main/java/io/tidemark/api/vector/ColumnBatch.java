package io.tidemark.api.vector;

import static java.util.Objects.requireNonNull;

import io.tidemark.api.Row;
import io.tidemark.api.types.StructType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Some rows in columns: one vector a field of the schema, and which positions count. */
public final class ColumnBatch {
    private final StructType schema;
    private final List<ColumnVector> columns;
    private final Selection selection;

    /** @param columns one for each field, each long enough for every selected position */
    public ColumnBatch(StructType schema, List<ColumnVector> columns, Selection selection) {
        this.schema = requireNonNull(schema, "schema");
        this.columns = List.copyOf(columns);
        this.selection = requireNonNull(selection, "selection");
        if (this.columns.size() != schema.size()) {
            throw new IllegalArgumentException(this.columns.size() + " columns for " + schema.simpleString());
        }
        int limit = selection.limit();
        for (int i = 0; i < this.columns.size(); i++) {
            if (this.columns.get(i).length() < limit) {
                throw new IllegalArgumentException("column " + schema.field(i).name() + " has "
                        + this.columns.get(i).length() + " of " + limit + " rows");
            }
        }
    }

    /** A batch of which every row counts. */
    public ColumnBatch(StructType schema, List<ColumnVector> columns, int rowCount) {
        this(schema, columns, Selection.all(rowCount));
    }

    public StructType schema() {
        return schema;
    }

    public List<ColumnVector> columns() {
        return columns;
    }

    public ColumnVector column(int ordinal) {
        return columns.get(ordinal);
    }

    public Selection selection() {
        return selection;
    }

    /** Returns how many rows count. */
    public int rowCount() {
        return selection.count();
    }

    /** Returns the same columns with other rows selected. */
    public ColumnBatch select(Selection other) {
        return new ColumnBatch(schema, columns, other);
    }

    /** Returns the selected rows as objects. For the rims of the system. */
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>(rowCount());
        for (int i = 0; i < selection.count(); i++) {
            int at = selection.at(i);
            List<@Nullable Object> values = new ArrayList<>(columns.size());
            for (ColumnVector column : columns) {
                values.add(column.value(at));
            }
            rows.add(Row.of(schema, values));
        }
        return rows;
    }
}
