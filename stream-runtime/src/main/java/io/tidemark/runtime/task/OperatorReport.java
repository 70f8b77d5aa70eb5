package io.tidemark.runtime.task;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a stateful operator did in a batch, summed up over its partitions; failed attempts and repeated runs do not count.
 * Times are sums over tasks, in nanoseconds.
 *
 * @param id of the operator
 * @param name Spark's name of it
 * @param rowsTotal entries in its stores after the batch; -1 where the provider does not count
 * @param commitNanos what making the new versions durable took
 * @param memoryBytes held by its stores
 * @param storeInstances how many stores made a new version
 * @param custom the stores' metrics and the operator's own, by Spark's names
 */
public record OperatorReport(
        long id,
        String name,
        long rowsTotal,
        long rowsUpdated,
        long updateNanos,
        long rowsRemoved,
        long removalNanos,
        long commitNanos,
        long memoryBytes,
        long rowsDroppedByWatermark,
        int storeInstances,
        SortedMap<String, Long> custom) {
    public OperatorReport {
        custom = Collections.unmodifiableSortedMap(new TreeMap<>(custom));
    }
}
