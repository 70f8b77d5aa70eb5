package io.tidemark.runtime.batch;

import io.tidemark.api.connector.Offset;
import io.tidemark.checkpoint.format.OffsetSeqMetadata;
import java.util.List;
import java.util.Optional;

/**
 * What one batch covers, as the log has it.
 *
 * @param starts by distinct source; empty where the source has no offset yet
 * @param ends likewise
 * @param seals what the sources said of the ends, by distinct source; empty where nothing is known
 */
record BatchSlice(
        long batchId,
        OffsetSeqMetadata metadata,
        List<Optional<Offset>> starts,
        List<Optional<Offset>> ends,
        List<Optional<String>> seals) {
    BatchSlice {
        starts = List.copyOf(starts);
        ends = List.copyOf(ends);
        seals = List.copyOf(seals);
    }

    /** Returns whether source {@code k} has rows (or may have) in this batch. */
    boolean covers(int k) {
        return ends.get(k).isPresent() && !ends.get(k).equals(starts.get(k));
    }
}
