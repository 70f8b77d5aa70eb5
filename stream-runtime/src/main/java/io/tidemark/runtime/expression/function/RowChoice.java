package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.DataType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import java.util.ArrayList;
import java.util.List;

/** A result that takes some rows from one column, others from another; rows nobody gives are null. One thread. */
final class RowChoice {
    private final DataType type;
    private final Selection rows;
    private final int[] which;
    private final List<ColumnVector> columns = new ArrayList<>();
    private int given;

    RowChoice(DataType type, Selection rows) {
        this.type = type;
        this.rows = rows;
        this.which = Conversions.allNull(rows.limit());
    }

    /** Takes the given rows, which no column has given yet, from {@code column}. */
    void take(ColumnVector column, Selection from) {
        if (from.isEmpty()) {
            return;
        }
        int source = columns.size();
        columns.add(column);
        given += from.count();
        int[] at = from.positions();
        for (int i = 0; i < from.count(); i++) {
            which[at == null ? i : at[i]] = source;
        }
    }

    ColumnVector build() {
        if (columns.size() == 1
                && given == rows.count()
                && columns.get(0).type().equals(type)) {
            return columns.get(0);
        }
        int[] index = new int[which.length];
        for (int i = 0; i < index.length; i++) {
            index[i] = i;
        }
        return VectorGather.gather(type, columns, which, index, index.length);
    }
}
