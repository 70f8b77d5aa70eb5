package io.tidemark.runtime.task;

import java.time.Duration;
import java.util.Arrays;

/**
 * When a task that is slower than its siblings is begun a second time; Spark's rules.
 *
 * @param interval how often to look
 * @param multiplier how many times slower than the median of those that are done
 * @param quantile which share of the stage must be done before
 * @param minRuntime how long a task may always take
 */
public record Speculation(boolean enabled, Duration interval, double multiplier, double quantile, Duration minRuntime) {
    /** No task is begun twice. */
    public static final Speculation OFF =
            new Speculation(false, Duration.ofMillis(100), 3, 0.9, Duration.ofMillis(100));

    /**
     * Returns how long a task of a stage may run before it counts as a straggler; {@link Long#MAX_VALUE} while that is not
     * to be said.
     *
     * @param tasks how many the stage has
     * @param durations of those that are done, in nanoseconds
     */
    long thresholdNanos(int tasks, long[] durations) {
        if (!enabled || tasks < 2 || durations.length < Math.max(1, (int) Math.floor(quantile * tasks))) {
            return Long.MAX_VALUE;
        }
        long[] sorted = durations.clone();
        Arrays.sort(sorted);
        double median = sorted[sorted.length / 2];
        return Math.max((long) (multiplier * median), minRuntime.toNanos());
    }
}
