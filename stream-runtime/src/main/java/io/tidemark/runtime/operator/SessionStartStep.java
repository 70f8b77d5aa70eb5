package io.tidemark.runtime.operator;

import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.expression.Kernel;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives each row a session of its own, {@code [time, time + gap)}, as one more column. A row without a time, or whose gap
 * is null or not positive, is dropped.
 *
 * @param schema the input's columns, then the session
 * @param time a timestamp; microseconds
 * @param gap a bigint; microseconds
 */
record SessionStartStep(StructType schema, Kernel time, Kernel gap) implements NarrowStep {
    @Override
    public String describe() {
        return "SessionStart " + schema.field(schema.size() - 1).name();
    }

    @Override
    public ColumnBatch apply(ColumnBatch input, EvaluationContext context, TaskStatistics statistics) {
        Selection rows = input.selection();
        ColumnVector times = time.evaluate(input, rows, context);
        ColumnVector gaps = gap.evaluate(input, rows, context);
        int[] kept = new int[rows.count()];
        int count = 0;
        long[] starts = new long[rows.limit()];
        long[] ends = new long[rows.limit()];
        for (int i = 0; i < rows.count(); i++) {
            int row = rows.at(i);
            if (times.isNull(row) || gaps.isNull(row)) {
                continue;
            }
            long begin = ((LongVector) times).values()[row];
            long end = begin + ((LongVector) gaps).values()[row];
            if (end > begin) {
                starts[row] = begin;
                ends[row] = end;
                kept[count++] = row;
            }
        }
        Selection sessions = count == rows.count() ? rows : Selection.of(kept, count);
        List<ColumnVector> columns = new ArrayList<>(input.columns());
        columns.add(TimeWindowStep.window(
                (StructType) schema.field(schema.size() - 1).dataType(), starts, ends, rows.limit()));
        return new ColumnBatch(schema, columns, sessions);
    }
}
