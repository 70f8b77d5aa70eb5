package io.tidemark.runtime.task;

import io.tidemark.state.StagedState;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a task did to its stores.
 *
 * @param staged by their place in the operator
 * @param rows in all of them after the batch; -1 if one does not count
 * @param nanos that staging took
 * @param memoryBytes that they hold
 * @param metrics by Spark's names, summed over the stores
 */
public record StateCommit(
        List<StagedState> staged, long rows, long nanos, long memoryBytes, SortedMap<String, Long> metrics) {
    public StateCommit {
        staged = List.copyOf(staged);
        metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
    }
}
