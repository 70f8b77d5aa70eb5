package io.tidemark.ops.bench;

import static io.tidemark.ops.bench.Metric.CPU_SHARE;
import static io.tidemark.ops.bench.Metric.FIRST_COMMIT;
import static io.tidemark.ops.bench.Metric.LATENCY_P50;
import static io.tidemark.ops.bench.Metric.LATENCY_P99;
import static io.tidemark.ops.bench.Metric.LATE_TO_EARLY_P50;
import static io.tidemark.ops.bench.Metric.LATE_TO_EARLY_P99;
import static io.tidemark.ops.bench.Metric.MEMORY;
import static io.tidemark.ops.bench.Metric.PEAK_MEMORY;
import static io.tidemark.ops.bench.Metric.RESTART;
import static io.tidemark.ops.bench.Metric.ROWS_PER_SECOND;
import static io.tidemark.ops.bench.Workload.W1;
import static io.tidemark.ops.bench.Workload.W10;
import static io.tidemark.ops.bench.Workload.W2;
import static io.tidemark.ops.bench.Workload.W3;
import static io.tidemark.ops.bench.Workload.W4;
import static io.tidemark.ops.bench.Workload.W5;
import static io.tidemark.ops.bench.Workload.W6;
import static io.tidemark.ops.bench.Workload.W7;
import static io.tidemark.ops.bench.Workload.W8;

import io.tidemark.ops.bench.Statistics.Spread;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Tidemark has to reach in the median, on two cores that it shares with the broker.
 *
 * @param peer against whom; absent if the figure itself counts
 * @param bound how many times better than {@code peer} at least; or the figure at most
 */
record Goal(Workload workload, Metric metric, @Nullable String peer, double bound) {
    static final List<Goal> ALL = List.of(
            times(W1, ROWS_PER_SECOND, "spark", 5),
            times(W1, ROWS_PER_SECOND, "flink", 1.3),
            times(W1, ROWS_PER_SECOND, "kafka-streams", 1),
            times(W1, ROWS_PER_SECOND, "ceiling", 0.75),
            times(W1, PEAK_MEMORY, "spark", 4),
            times(W1, PEAK_MEMORY, "flink", 3),
            times(W2, ROWS_PER_SECOND, "spark", 6),
            times(W2, ROWS_PER_SECOND, "flink", 3),
            times(W2, ROWS_PER_SECOND, "kafka-streams", 1),
            times(W2, ROWS_PER_SECOND, "ceiling", 0.65),
            times(W2, PEAK_MEMORY, "spark", 4),
            times(W2, PEAK_MEMORY, "flink", 3),
            times(W3, ROWS_PER_SECOND, "spark", 4),
            times(W3, ROWS_PER_SECOND, "flink", 2),
            times(W3, ROWS_PER_SECOND, "kafka-streams", 1),
            times(W3, ROWS_PER_SECOND, "ceiling", 0.8),
            times(W4, LATENCY_P50, "spark", 30),
            times(W4, LATENCY_P99, "spark", 30),
            atMost(W4, LATENCY_P99, 100),
            times(W5, RESTART, "spark", 6),
            times(W5, RESTART, "kafka-streams", 1),
            times(W6, FIRST_COMMIT, "spark", 8),
            times(W6, FIRST_COMMIT, "flink", 1),
            times(W6, FIRST_COMMIT, "kafka-streams", 1),
            atMost(W6, FIRST_COMMIT, 1_200),
            times(W7, MEMORY, "spark", 6),
            atMost(W7, CPU_SHARE, 1),
            times(W8, ROWS_PER_SECOND, "spark", 8),
            atMost(W10, LATE_TO_EARLY_P50, 1.1),
            atMost(W10, LATE_TO_EARLY_P99, 1.1));

    private static Goal times(Workload workload, Metric metric, String peer, double bound) {
        return new Goal(workload, metric, peer, bound);
    }

    private static Goal atMost(Workload workload, Metric metric, double bound) {
        return new Goal(workload, metric, null, bound);
    }

    /** A goal and what was reached. */
    record Verdict(Goal goal, double reached) {
        boolean isMet() {
            return goal.peer() == null ? reached <= goal.bound() : reached >= goal.bound();
        }

        @Override
        public String toString() {
            String what = goal.workload().label() + " " + goal.metric().title();
            String reach = Report.number(reached);
            String bound = Report.number(goal.bound());
            return (isMet() ? "met:    " : "missed: ")
                    + (goal.peer() == null
                            ? what + " " + reach + ", goal at most " + bound
                            : what + " " + reach + " times better than " + goal.peer() + ", goal " + bound);
        }
    }

    /** Returns how {@code report} stands to this goal, or nothing if it has no figures for it. */
    Optional<Verdict> judge(Report report) {
        Optional<Spread> reached =
                peer == null ? report.spread(workload, Report.OURS, metric) : report.advantage(workload, peer, metric);
        return reached.map(spread -> new Verdict(this, spread.median()));
    }
}
