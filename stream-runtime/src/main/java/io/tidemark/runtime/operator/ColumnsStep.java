package io.tidemark.runtime.operator;

import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.runtime.expression.EvaluationContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Picks columns by place: what one occurrence of a source needs of all that the source reads for the query.
 *
 * @param ordinals place of each column of {@code schema} in the input
 */
public record ColumnsStep(StructType schema, List<Integer> ordinals) implements NarrowStep {
    public ColumnsStep {
        ordinals = List.copyOf(ordinals);
    }

    @Override
    public String describe() {
        return "Columns " + schema.fieldNames();
    }

    @Override
    public ColumnBatch apply(ColumnBatch input, EvaluationContext context, TaskStatistics statistics) {
        List<ColumnVector> columns = new ArrayList<>(ordinals.size());
        for (int ordinal : ordinals) {
            columns.add(input.column(ordinal));
        }
        return new ColumnBatch(schema, columns, input.selection());
    }
}
