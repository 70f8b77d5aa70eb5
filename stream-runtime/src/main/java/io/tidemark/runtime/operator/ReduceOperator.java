package io.tidemark.runtime.operator;

import io.tidemark.api.vector.ColumnBatch;
import java.util.Iterator;

/** What begins a task behind a shuffle: sees all rows of one partition. Immutable. */
public interface ReduceOperator {
    /** Returns the operator as explain shows it. */
    String describe();

    /** Returns whether all rows belong to partition 0 and there is but one task. */
    boolean isSinglePartition();

    /**
     * Consumes the partition's rows (of the shuffle's schema, in the order of the map tasks) and hands out its own.
     * Called for every partition in every batch, also without rows.
     */
    void run(TaskContext context, Iterator<ColumnBatch> input, BatchConsumer out) throws Exception;
}
