package io.tidemark.runtime.expression;

import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;

/** Computes a column from a batch. Immutable: one instance serves all tasks at once. */
@FunctionalInterface
public interface Kernel {
    /**
     * Computes the value of each row in {@code rows}, at the row's own position; the result's other positions are
     * undefined, and its length is at least {@code rows.limit()}. Rows outside {@code rows} are not looked at, so they
     * cannot fail. ({@code batch.selection()} is ignored.)
     *
     * @throws io.tidemark.api.error.EvaluationException where ANSI rules say so
     */
    ColumnVector evaluate(ColumnBatch batch, Selection rows, EvaluationContext context);
}
