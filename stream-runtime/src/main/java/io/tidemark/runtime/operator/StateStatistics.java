package io.tidemark.runtime.operator;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** What one task of a stateful operator counted. One thread. Times in nanoseconds. */
public final class StateStatistics {
    private final TreeMap<String, Long> custom = new TreeMap<>();
    private long rowsUpdated;
    private long rowsRemoved;
    private long rowsDroppedByWatermark;
    private long updateNanos;
    private long removalNanos;

    public void addUpdated(long rows, long nanos) {
        rowsUpdated += rows;
        updateNanos += nanos;
    }

    public void addRemoved(long rows, long nanos) {
        rowsRemoved += rows;
        removalNanos += nanos;
    }

    public void addDroppedByWatermark(long rows) {
        rowsDroppedByWatermark += rows;
    }

    public void addCustom(String metric, long value) {
        custom.merge(metric, value, Long::sum);
    }

    public long rowsUpdated() {
        return rowsUpdated;
    }

    public long rowsRemoved() {
        return rowsRemoved;
    }

    public long rowsDroppedByWatermark() {
        return rowsDroppedByWatermark;
    }

    public long updateNanos() {
        return updateNanos;
    }

    public long removalNanos() {
        return removalNanos;
    }

    public SortedMap<String, Long> custom() {
        return Collections.unmodifiableSortedMap(custom);
    }
}
