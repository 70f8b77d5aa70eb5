package io.tidemark.runtime.operator;

import io.tidemark.api.vector.ColumnBatch;

/** Takes rows, batch by batch. One thread. */
@FunctionalInterface
public interface BatchConsumer {
    /** Takes the selected rows of a batch, which may be none. The consumer may keep the batch: it never changes. */
    void accept(ColumnBatch batch) throws Exception;
}
