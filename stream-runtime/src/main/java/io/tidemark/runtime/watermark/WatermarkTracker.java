package io.tidemark.runtime.watermark;

import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The watermark of a query: each operator's own moves with the newest event time it saw, less its delay; the global one
 * is the least (or the greatest) of them. Neither ever moves back. One thread.
 */
public final class WatermarkTracker {
    /** How several operators make one watermark: {@code spark.sql.streaming.multipleWatermarkPolicy}. */
    public enum Policy {
        MIN,
        MAX
    }

    private final long[] delays;
    private final long[] operators;
    private final Policy policy;
    private long global;

    /**
     * @param delaysMillis of the operators, by index
     * @param global the watermark to start from, milliseconds since the epoch
     */
    public WatermarkTracker(long[] delaysMillis, Policy policy, long global) {
        this.delays = delaysMillis.clone();
        this.operators = new long[delays.length];
        this.policy = policy;
        this.global = global;
    }

    /** Puts back what an operator had reached in an earlier run. */
    public void restoreOperator(int operator, long watermarkMillis) {
        if (operator >= 0 && operator < operators.length) {
            operators[operator] = Math.max(operators[operator], watermarkMillis);
        }
    }

    /** Takes in what the operators saw in a batch. */
    public void observe(SortedMap<Integer, EventTimeStatistics> seen) {
        seen.forEach((operator, statistics) ->
                operators[operator] = Math.max(operators[operator], Math.max(0, statistics.max() - delays[operator])));
        if (operators.length > 0) {
            long candidate = policy == Policy.MIN
                    ? Arrays.stream(operators).min().getAsLong()
                    : Arrays.stream(operators).max().getAsLong();
            advanceTo(candidate);
        }
    }

    /** Moves the global watermark forward, never back. */
    public void advanceTo(long millis) {
        global = Math.max(global, millis);
    }

    /** Returns the global watermark, milliseconds since the epoch; 0 before any. */
    public long global() {
        return global;
    }

    /** Returns whether the query declares a watermark at all. */
    public boolean isDeclared() {
        return delays.length > 0;
    }

    /** Returns what each operator has reached. */
    public SortedMap<Integer, Long> operatorValues() {
        TreeMap<Integer, Long> values = new TreeMap<>();
        for (int i = 0; i < operators.length; i++) {
            values.put(i, operators[i]);
        }
        return Collections.unmodifiableSortedMap(values);
    }
}
