package io.tidemark.runtime.operator;

import io.tidemark.api.vector.ColumnBatch;
import java.util.Iterator;

/** The first rows of a batch's whole result, which complete mode computes anew each time. Keeps no state. */
record LimitRows(int limit) implements ReduceOperator {
    @Override
    public String describe() {
        return "GlobalLimit " + limit;
    }

    @Override
    public boolean isSinglePartition() {
        return true;
    }

    @Override
    public void run(TaskContext context, Iterator<ColumnBatch> input, BatchConsumer out) throws Exception {
        long left = limit;
        while (input.hasNext()) {
            ColumnBatch batch = input.next();
            if (left > 0 && batch.rowCount() > 0) {
                ColumnBatch first = LocalLimitStep.first(batch, left);
                left -= first.rowCount();
                out.accept(first);
            }
        }
    }
}
