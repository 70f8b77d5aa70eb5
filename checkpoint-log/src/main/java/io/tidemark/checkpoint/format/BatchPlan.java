package io.tidemark.checkpoint.format;

import io.tidemark.api.connector.Offset;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One entry of the offset log: how far each source is read once batch {@code batchId} is done.
 *
 * @param offsets the end of the batch per source occurrence, in plan order; empty where the source has no offset yet
 * @param sourceIds empty in version 1, where the order is the only identity; in version 2 the id of each offset
 */
public record BatchPlan(
        long batchId, OffsetSeqMetadata metadata, List<Optional<Offset>> offsets, List<String> sourceIds) {
    public BatchPlan {
        if (batchId < 0) {
            throw new IllegalArgumentException("batch id below 0: " + batchId);
        }
        offsets = List.copyOf(offsets);
        sourceIds = List.copyOf(sourceIds);
        if (!sourceIds.isEmpty() && sourceIds.size() != offsets.size()) {
            throw new IllegalArgumentException(sourceIds.size() + " source ids for " + offsets.size() + " offsets");
        }
    }

    /** A plan as version 1 of the log holds it. */
    public BatchPlan(long batchId, OffsetSeqMetadata metadata, List<Optional<Offset>> offsets) {
        this(batchId, metadata, offsets, List.of());
    }

    /**
     * Returns the offsets for a query with {@code sources} source occurrences, in plan order.
     *
     * @throws TidemarkException {@code CHECKPOINT_PLAN_CHANGED} if the log was written by a query with other sources
     */
    public List<Optional<Offset>> offsetsFor(int sources) {
        if (sourceIds.isEmpty()) {
            if (offsets.size() != sources) {
                throw changed(
                        String.format(Locale.ROOT, "it holds %d sources, the query has %d", offsets.size(), sources));
            }
            return offsets;
        }
        List<Optional<Offset>> aligned = new ArrayList<>(Collections.nCopies(sources, Optional.empty()));
        for (int i = 0; i < sourceIds.size(); i++) {
            String id = sourceIds.get(i);
            if (!BatchIds.isCanonical(id)) {
                throw changed("its source '" + id + "' has a name, and named sources are not supported");
            }
            long position = BatchIds.parse(id);
            if (position >= sources) {
                throw changed("it holds an offset of source " + id + ", the query has " + sources + " sources");
            }
            aligned.set((int) position, offsets.get(i));
        }
        return List.copyOf(aligned);
    }

    private TidemarkException changed(String what) {
        return new TidemarkException(
                ErrorCode.CHECKPOINT_PLAN_CHANGED,
                "Cannot continue from batch " + batchId + " of the offset log: " + what
                        + ". Start the query that wrote this checkpoint, or use a new checkpoint location.");
    }
}
