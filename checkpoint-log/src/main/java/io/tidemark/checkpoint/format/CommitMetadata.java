package io.tidemark.checkpoint.format;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a committed batch leaves to its successor.
 *
 * @param nextBatchWatermarkMs event-time watermark after the batch, milliseconds since the epoch
 * @param stateUniqueIds null in version 1 of the log; in version 2 which state files make up the new version: operator id
 *     to partitions to stores to ids
 */
public record CommitMetadata(long nextBatchWatermarkMs, @Nullable SortedMap<Long, List<List<String>>> stateUniqueIds) {
    public CommitMetadata {
        if (stateUniqueIds != null) {
            TreeMap<Long, List<List<String>>> copy = new TreeMap<>();
            stateUniqueIds.forEach((operator, partitions) -> {
                List<List<String>> stores = new ArrayList<>();
                partitions.forEach(ids -> stores.add(List.copyOf(ids)));
                copy.put(operator, List.copyOf(stores));
            });
            stateUniqueIds = Collections.unmodifiableSortedMap(copy);
        }
    }

    /** A commit as version 1 of the log holds it. */
    public CommitMetadata(long nextBatchWatermarkMs) {
        this(nextBatchWatermarkMs, null);
    }
}
