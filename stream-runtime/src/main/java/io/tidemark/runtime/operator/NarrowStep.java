package io.tidemark.runtime.operator;

import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.runtime.expression.EvaluationContext;

/**
 * A step that needs no other task: one batch in, one batch out. Immutable; what it counts goes to the task's {@link
 * TaskStatistics}.
 */
public non-sealed interface NarrowStep extends Step {
    /** Returns the batch after this step; it may have no rows left. */
    ColumnBatch apply(ColumnBatch input, EvaluationContext context, TaskStatistics statistics);
}
