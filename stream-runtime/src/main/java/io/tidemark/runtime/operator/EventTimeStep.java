package io.tidemark.runtime.operator;

import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.Validity;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.watermark.EventTimeStatistics;

/**
 * Watches the event time of every row that passes, late ones too; a null counts as 0, as in Spark.
 *
 * @param operator index of the watermark operator in the plan
 * @param column of the input; timestamps in microseconds
 */
public record EventTimeStep(int operator, int column) implements NarrowStep {
    @Override
    public String describe() {
        return "EventTimeWatermark column " + column + " (watermark operator " + operator + ")";
    }

    @Override
    public ColumnBatch apply(ColumnBatch input, EvaluationContext context, TaskStatistics statistics) {
        Selection rows = input.selection();
        if (rows.isEmpty()) {
            return input;
        }
        LongVector times = (LongVector) input.column(column);
        long[] values = times.values();
        long[] validity = times.validity();
        int[] positions = rows.positions();
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        double sum = 0;
        for (int i = 0; i < rows.count(); i++) {
            int row = positions == null ? i : positions[i];
            long millis = Validity.isValid(validity, row) ? Math.floorDiv(values[row], 1_000L) : 0;
            min = Math.min(min, millis);
            max = Math.max(max, millis);
            sum += millis;
        }
        statistics.addEventTimes(operator, new EventTimeStatistics(rows.count(), min, max, sum));
        return input;
    }
}
