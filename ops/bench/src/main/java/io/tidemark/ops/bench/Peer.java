package io.tidemark.ops.bench;

import java.io.IOException;

/** A system that can be measured. */
interface Peer {
    String name();

    boolean canRun(Workload workload);

    /** Starts a process that runs {@code job}, from where an earlier run in its folder left off. */
    PeerRun start(Job job) throws IOException;

    /** As {@link #start}, but what counts as a commit is that rows are in the table, where the system has one. */
    default PeerRun startAndFollowTable(Job job) throws IOException {
        return start(job);
    }

    /** Whether it leaves a checkpoint of Spark's format and a Delta table, which can be looked at after the run. */
    default boolean leavesCheckpoint() {
        return false;
    }
}
