package io.tidemark.runtime.operator;

import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.Selection;

/** Lets the first rows of each task pass: no more can pass the limit of them all. What is before it runs to its end. */
record LocalLimitStep(int limit) implements GatheringStep {
    @Override
    public String describe() {
        return "LocalLimit " + limit;
    }

    @Override
    public Gathering open(TaskContext context, BatchConsumer out) {
        return new Gathering() {
            private long left = limit;

            @Override
            public void accept(ColumnBatch batch) throws Exception {
                if (left > 0 && batch.rowCount() > 0) {
                    ColumnBatch first = first(batch, left);
                    left -= first.rowCount();
                    out.accept(first);
                }
            }

            @Override
            public void finish() {}
        };
    }

    /** Returns the first rows of a batch, at most {@code count}. */
    static ColumnBatch first(ColumnBatch batch, long count) {
        Selection rows = batch.selection();
        if (rows.count() <= count) {
            return batch;
        }
        int[] positions = rows.positions();
        return batch.select(positions == null ? Selection.all((int) count) : Selection.of(positions, (int) count));
    }
}
