package io.tidemark.runtime.operator;

import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.runtime.expression.EvaluationContext;

/**
 * A step that needs no other task: one batch in, one batch out. Immutable; what it counts goes to the task's {@link
 * TaskStatistics}.
 */
public sealed interface NarrowStep permits ProjectStep, FilterStep, EventTimeStep, ColumnsStep {
    /** Returns the batch after this step; it may have no rows left. */
    ColumnBatch apply(ColumnBatch input, EvaluationContext context, TaskStatistics statistics);

    /** Returns the step as explain shows it. */
    String describe();
}
