package io.tidemark.runtime.operator;

import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.StructVector;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.expression.Kernel;
import io.tidemark.runtime.expression.function.VectorGather;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts rows into time windows, which it appends as a column. A row without a time is dropped.
 *
 * <p>The newest window of a row starts at {@code time - mod(time - start, slide)}, the remainder never negative; where
 * windows overlap, the row is repeated for each, the newest first, as Spark expands it. Windows are all of {@code length}
 * microseconds, so where {@code slide} does not divide it the oldest may not hold the row, and is left out.
 *
 * @param schema the input's columns, then the window
 * @param time a timestamp; microseconds
 * @param length of a window in microseconds
 * @param slide from a window's start to the next; microseconds
 * @param start of some window; microseconds since the epoch
 */
record TimeWindowStep(StructType schema, Kernel time, long length, long slide, long start) implements NarrowStep {
    @Override
    public String describe() {
        return "TimeWindow " + schema.field(schema.size() - 1).name() + " [length = " + length + " us, slide = " + slide
                + " us, start = " + start + " us]";
    }

    @Override
    public ColumnBatch apply(ColumnBatch input, EvaluationContext context, TaskStatistics statistics) {
        Selection rows = input.selection();
        ColumnVector times = time.evaluate(input, rows, context);
        Selection timed = withTime(times, rows);
        if (timed.isEmpty()) {
            return empty(input, timed);
        }
        return length == slide
                ? tumbling(input, ((LongVector) times).values(), timed)
                : sliding(input, ((LongVector) times).values(), timed);
    }

    private static Selection withTime(ColumnVector times, Selection rows) {
        if (!times.mayHaveNulls()) {
            return rows;
        }
        int[] kept = new int[rows.count()];
        int count = 0;
        for (int i = 0; i < rows.count(); i++) {
            int row = rows.at(i);
            if (!times.isNull(row)) {
                kept[count++] = row;
            }
        }
        return count == rows.count() ? rows : Selection.of(kept, count);
    }

    private ColumnBatch empty(ColumnBatch input, Selection none) {
        return batch(input.columns(), new long[0], new long[0], none);
    }

    private ColumnBatch tumbling(ColumnBatch input, long[] times, Selection rows) {
        int[] at = rows.positions();
        long[] starts = new long[rows.limit()];
        long[] ends = new long[rows.limit()];
        long current = newestStart(times[rows.at(0)]);
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            long since = times[row] - current;
            if (since < 0 || since >= slide) { // most rows lie in the window of the row before
                current = newestStart(times[row]);
            }
            starts[row] = current;
            ends[row] = current + length;
        }
        return batch(input.columns(), starts, ends, rows);
    }

    private ColumnBatch sliding(ColumnBatch input, long[] times, Selection rows) {
        int overlap = Math.toIntExact(Math.floorDiv(length + slide - 1, slide));
        int most = Math.multiplyExact(rows.count(), overlap);
        int[] from = new int[most];
        long[] starts = new long[most];
        long[] ends = new long[most];
        int count = 0;
        for (int i = 0; i < rows.count(); i++) {
            int row = rows.at(i);
            long newest = newestStart(times[row]);
            for (int back = 0; back < overlap; back++) {
                long begin = newest - back * slide;
                if (times[row] < begin + length) {
                    from[count] = row;
                    starts[count] = begin;
                    ends[count++] = begin + length;
                }
            }
        }
        List<ColumnVector> columns = new ArrayList<>(input.columns().size());
        for (ColumnVector column : input.columns()) {
            columns.add(VectorGather.gather(column, from, count));
        }
        return batch(columns, starts, ends, Selection.all(count));
    }

    private long newestStart(long micros) {
        return micros - Math.floorMod(micros - start, slide);
    }

    private ColumnBatch batch(List<ColumnVector> columns, long[] starts, long[] ends, Selection rows) {
        List<ColumnVector> all = new ArrayList<>(columns);
        all.add(window((StructType) schema.field(schema.size() - 1).dataType(), starts, ends, rows.limit()));
        return new ColumnBatch(schema, all, rows);
    }

    /** Returns a column of windows, none of them null. */
    static StructVector window(StructType type, long[] starts, long[] ends, int length) {
        DataType point = type.field(0).dataType();
        return new StructVector(
                type,
                length,
                List.of(new LongVector(point, length, starts, null), new LongVector(point, length, ends, null)),
                null);
    }
}
