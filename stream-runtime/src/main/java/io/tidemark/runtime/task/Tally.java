package io.tidemark.runtime.task;

import java.util.concurrent.atomic.LongAdder;

/** Counts what a batch took while it runs. Safe for use by many threads. */
public final class Tally {
    private final LongAdder tasks = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder speculated = new LongAdder();
    private final LongAdder blocksLost = new LongAdder();
    private final LongAdder mapTasksRepeated = new LongAdder();
    private final LongAdder shuffleBytes = new LongAdder();
    private final LongAdder spilledBytes = new LongAdder();

    void begun(int count) {
        tasks.add(count);
    }

    void failed() {
        failures.increment();
    }

    void speculated() {
        speculated.increment();
    }

    void lost() {
        blocksLost.increment();
    }

    void repeated() {
        mapTasksRepeated.increment();
    }

    void shuffled(long bytes, long ofThemSpilled) {
        shuffleBytes.add(bytes);
        spilledBytes.add(ofThemSpilled);
    }

    /** Returns what was counted so far. */
    public Effort effort() {
        return new Effort(
                tasks.intValue(),
                failures.intValue(),
                speculated.intValue(),
                blocksLost.intValue(),
                mapTasksRepeated.intValue(),
                shuffleBytes.sum(),
                spilledBytes.sum());
    }
}
