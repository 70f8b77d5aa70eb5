package io.tidemark.runtime.task;

import io.tidemark.runtime.operator.StateStatistics;
import io.tidemark.runtime.operator.StatefulOperator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

    /** Sums up what the tasks of a batch did, for each of {@code operators}. */
    public static List<OperatorReport> of(List<StatefulOperator> operators, List<TaskResult> results) {
        List<OperatorReport> reports = new ArrayList<>(operators.size());
        for (StatefulOperator operator : operators) {
            Sum sum = new Sum();
            operator.customMetrics().forEach(metric -> sum.custom.put(metric, 0L));
            results.forEach(result -> sum.add(operator, result));
            reports.add(sum.report(operator));
        }
        return reports;
    }

    private static final class Sum {
        private final TreeMap<String, Long> custom = new TreeMap<>();
        private final StateStatistics counted = new StateStatistics();
        private long rows;
        private long commitNanos;
        private long memoryBytes;
        private int stores;

        void add(StatefulOperator operator, TaskResult result) {
            StateStatistics task = result.statistics().states().get(operator.id());
            if (task != null) {
                counted.addUpdated(task.rowsUpdated(), task.updateNanos());
                counted.addRemoved(task.rowsRemoved(), task.removalNanos());
                counted.addDroppedByWatermark(task.rowsDroppedByWatermark());
                task.custom().forEach((metric, value) -> custom.merge(metric, value, Long::sum));
            }
            StateCommit state = result.state();
            if (state != null && result.operator() == operator) {
                rows = rows < 0 || state.rows() < 0 ? -1 : rows + state.rows();
                commitNanos += state.nanos();
                memoryBytes += state.memoryBytes();
                stores += state.staged().size();
                state.metrics().forEach((metric, value) -> custom.merge(metric, value, Long::sum));
            }
        }

        OperatorReport report(StatefulOperator operator) {
            return new OperatorReport(
                    operator.id(),
                    operator.name(),
                    rows,
                    counted.rowsUpdated(),
                    counted.updateNanos(),
                    counted.rowsRemoved(),
                    counted.removalNanos(),
                    commitNanos,
                    memoryBytes,
                    counted.rowsDroppedByWatermark(),
                    stores,
                    custom);
        }
    }
}
