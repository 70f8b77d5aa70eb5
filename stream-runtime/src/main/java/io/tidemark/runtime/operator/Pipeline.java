package io.tidemark.runtime.operator;

import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.runtime.expression.EvaluationContext;
import java.util.List;

/**
 * The narrow chain above one occurrence of a source. Each of its input partitions is a task.
 *
 * @param source index of the distinct source
 * @param leaf index of the occurrence, in pre-order
 */
public record Pipeline(int source, int leaf, List<NarrowStep> steps) {
    public Pipeline {
        steps = List.copyOf(steps);
    }

    /** Runs a batch through all steps. */
    public ColumnBatch apply(ColumnBatch input, EvaluationContext context, TaskStatistics statistics) {
        ColumnBatch batch = input;
        for (NarrowStep step : steps) {
            batch = step.apply(batch, context, statistics);
        }
        return batch;
    }
}
