package io.tidemark.runtime.batch;

import io.tidemark.api.streaming.StateOperatorProgress;
import io.tidemark.runtime.task.OperatorReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What the stateful operators did, as Spark's progress tells it. */
final class OperatorProgress {
    private OperatorProgress() {}

    /** @param partitions of the query's shuffles; Spark reports it of operators that use but one of them, too */
    static List<StateOperatorProgress> of(List<OperatorReport> reports, int partitions) {
        List<StateOperatorProgress> operators = new ArrayList<>();
        for (OperatorReport report : reports) {
            operators.add(new StateOperatorProgress(
                    report.name(),
                    report.rowsTotal(),
                    report.rowsUpdated(),
                    TimeUnit.NANOSECONDS.toMillis(report.updateNanos()),
                    report.rowsRemoved(),
                    TimeUnit.NANOSECONDS.toMillis(report.removalNanos()),
                    TimeUnit.NANOSECONDS.toMillis(report.commitNanos()),
                    report.memoryBytes(),
                    report.rowsDroppedByWatermark(),
                    partitions,
                    report.storeInstances(),
                    report.custom()));
        }
        return List.copyOf(operators);
    }

    /** Returns what a look that found nothing to do tells of them: as they were, with nothing updated or dropped. */
    static List<StateOperatorProgress> idle(List<StateOperatorProgress> last) {
        return last.stream()
                .map(o -> new StateOperatorProgress(
                        o.operatorName(),
                        o.numRowsTotal(),
                        0,
                        o.allUpdatesTimeMs(),
                        o.numRowsRemoved(),
                        o.allRemovalsTimeMs(),
                        o.commitTimeMs(),
                        o.memoryUsedBytes(),
                        0,
                        o.numShufflePartitions(),
                        o.numStateStoreInstances(),
                        o.customMetrics()))
                .toList();
    }
}
