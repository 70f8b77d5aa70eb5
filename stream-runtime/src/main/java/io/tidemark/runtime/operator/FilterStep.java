package io.tidemark.runtime.operator;

import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.Validity;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.expression.Kernel;

/**
 * Keeps the rows where a condition is true, by narrowing the selection; nothing is copied.
 *
 * @param text the condition, for people
 */
public record FilterStep(Kernel condition, String text) implements NarrowStep {
    @Override
    public String describe() {
        return "Filter (" + text + ")";
    }

    @Override
    public ColumnBatch apply(ColumnBatch input, EvaluationContext context, TaskStatistics statistics) {
        Selection rows = input.selection();
        if (rows.isEmpty()) {
            return input;
        }
        Selection kept = where(condition.evaluate(input, rows, context), rows);
        return kept == rows ? input : input.select(kept);
    }

    /** Returns those of {@code rows} where a condition's result is true; {@code rows} itself if it is for all. */
    static Selection where(ColumnVector result, Selection rows) {
        if (!(result instanceof BooleanVector flags)) {
            return Selection.all(0); // the void NULL is never true
        }
        boolean[] values = flags.values();
        long[] validity = flags.validity();
        int[] from = rows.positions();
        int[] kept = new int[rows.count()];
        int count = 0;
        for (int i = 0; i < rows.count(); i++) {
            int row = from == null ? i : from[i];
            if (values[row] && Validity.isValid(validity, row)) {
                kept[count++] = row;
            }
        }
        return count == rows.count() ? rows : Selection.of(kept, count);
    }
}
