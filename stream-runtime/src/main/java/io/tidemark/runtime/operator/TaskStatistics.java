package io.tidemark.runtime.operator;

import io.tidemark.runtime.watermark.EventTimeStatistics;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** What one attempt of a task counted. One thread; a failed attempt's is thrown away. */
public final class TaskStatistics {
    private final TreeMap<Integer, EventTimeStatistics> eventTimes = new TreeMap<>();
    private final TreeMap<Long, StateStatistics> states = new TreeMap<>();
    private long inputRows;
    private long outputRows;

    void addEventTimes(int operator, EventTimeStatistics more) {
        eventTimes.merge(operator, more, EventTimeStatistics::plus);
    }

    public void addInputRows(long rows) {
        inputRows += rows;
    }

    public void addOutputRows(long rows) {
        outputRows += rows;
    }

    public long inputRows() {
        return inputRows;
    }

    public long outputRows() {
        return outputRows;
    }

    /** Returns what was seen by each watermark operator that saw rows. */
    public SortedMap<Integer, EventTimeStatistics> eventTimes() {
        return Collections.unmodifiableSortedMap(eventTimes);
    }

    /** Returns the counters of a stateful operator, by its id. */
    public StateStatistics state(long operatorId) {
        return states.computeIfAbsent(operatorId, id -> new StateStatistics());
    }

    /** Returns what was counted for each stateful operator the task touched. */
    public SortedMap<Long, StateStatistics> states() {
        return Collections.unmodifiableSortedMap(states);
    }
}
