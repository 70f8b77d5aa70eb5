package io.tidemark.api.streaming;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** What one stateful operator did in a batch; times in milliseconds, memory in bytes. */
public record StateOperatorProgress(
        String operatorName,
        long numRowsTotal,
        long numRowsUpdated,
        long allUpdatesTimeMs,
        long numRowsRemoved,
        long allRemovalsTimeMs,
        long commitTimeMs,
        long memoryUsedBytes,
        long numRowsDroppedByWatermark,
        long numShufflePartitions,
        long numStateStoreInstances,
        SortedMap<String, Long> customMetrics) {
    public StateOperatorProgress {
        customMetrics = Collections.unmodifiableSortedMap(new TreeMap<>(customMetrics));
    }

    /** Returns Spark's compact JSON. */
    public String json() {
        return new JsonText()
                .string("operatorName", operatorName)
                .number("numRowsTotal", numRowsTotal)
                .number("numRowsUpdated", numRowsUpdated)
                .number("allUpdatesTimeMs", allUpdatesTimeMs)
                .number("numRowsRemoved", numRowsRemoved)
                .number("allRemovalsTimeMs", allRemovalsTimeMs)
                .number("commitTimeMs", commitTimeMs)
                .number("memoryUsedBytes", memoryUsedBytes)
                .number("numRowsDroppedByWatermark", numRowsDroppedByWatermark)
                .number("numShufflePartitions", numShufflePartitions)
                .number("numStateStoreInstances", numStateStoreInstances)
                .longs("customMetrics", customMetrics)
                .end();
    }
}
