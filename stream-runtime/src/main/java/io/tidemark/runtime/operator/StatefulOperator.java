package io.tidemark.runtime.operator;

import io.tidemark.state.StateStoreSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A reduce operator that keeps state between batches. */
public interface StatefulOperator extends ReduceOperator {
    /** Returns its id: counted from 0 in pre-order from the sink. */
    long id();

    /** Returns Spark's name of it, as its metadata file has it: {@code stateStoreSave}, {@code dedupe} … */
    String name();

    /** Returns its stores, in Spark's order. */
    List<StateStoreSpec> stores();

    /** Returns the column whose watermark it lets state go by, or null. */
    @Nullable
    String watermarkColumn();

    /** Returns that watermark's delay in milliseconds; 0 without one. */
    long watermarkDelayMillis();

    /** Returns Spark's names of its own custom metrics, besides the store's: {@code numDroppedDuplicateRows}. */
    default List<String> customMetrics() {
        return List.of();
    }

    /**
     * Returns whether it wants another batch although there is no data.
     *
     * @param evictionMillis the eviction watermark of the batch just run
     * @param nextMillis what that watermark will be in the next batch
     */
    boolean wantsAnotherBatch(long evictionMillis, long nextMillis);

    /** Returns the watermark below which it hands out no more rows, given that of its input; milliseconds. */
    default long outputWatermark(long inputMillis) {
        return inputMillis;
    }
}
