package io.tidemark.runtime.operator;

import io.tidemark.runtime.expression.EvaluationContext;

/**
 * What an attempt of a task works with.
 *
 * @param batchId the batch, and the version of state it finds
 * @param partition of the stage's input: a state partition where the pipeline begins with an operator
 * @param attempt of the task, from 0
 * @param state opens the stores of the task's operator
 * @param watermarks of each stateful operator in this batch
 */
public record TaskContext(
        long batchId,
        int partition,
        int attempt,
        EvaluationContext evaluation,
        TaskStatistics statistics,
        StateAccess state,
        OperatorWatermarks watermarks) {
    /** The first attempt of a task without state, in partition 0 of batch 0: for plans run outside a query. */
    public static TaskContext stateless(EvaluationContext evaluation, TaskStatistics statistics) {
        return new TaskContext(0, 0, 0, evaluation, statistics, StateAccess.NONE, OperatorWatermarks.NONE);
    }
}
