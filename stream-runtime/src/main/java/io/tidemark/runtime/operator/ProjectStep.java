package io.tidemark.runtime.operator;

import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.expression.Kernel;
import java.util.ArrayList;
import java.util.List;

/** Computes the columns of a projection. */
public record ProjectStep(StructType schema, List<Kernel> kernels) implements NarrowStep {
    public ProjectStep {
        kernels = List.copyOf(kernels);
    }

    @Override
    public String describe() {
        return "Project " + schema.fieldNames();
    }

    @Override
    public ColumnBatch apply(ColumnBatch input, EvaluationContext context, TaskStatistics statistics) {
        List<ColumnVector> columns = new ArrayList<>(kernels.size());
        for (Kernel kernel : kernels) {
            columns.add(kernel.evaluate(input, input.selection(), context));
        }
        return new ColumnBatch(schema, columns, input.selection());
    }
}
