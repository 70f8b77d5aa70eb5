package io.tidemark.runtime.batch;

import org.jspecify.annotations.Nullable;

/**
 * What recovery found.
 *
 * @param unfinished the batch to finish before another is planned, or null
 */
record Resumption(LoopState state, @Nullable Unfinished unfinished) {
    /** A batch that is planned but not committed, and how it is finished. */
    sealed interface Unfinished {
        BatchSlice slice();

        /** Nothing usable is left of it but its plan: run it over exactly the logged range. */
        record RunAgain(BatchSlice slice, int preparedAttempt) implements Unfinished {}

        /** It is prepared and its staged files are whole: commit them, read nothing. The sink may hold it already. */
        record Adopt(BatchSlice slice, BatchCommitter.Prepared prepared, boolean sinkHoldsIt) implements Unfinished {}

        /** The sink holds it, but not from a prepared file of ours: read it once for its watermark, write nothing out. */
        record Observe(BatchSlice slice) implements Unfinished {}
    }
}
