package io.tidemark.ops.cli.handover;

import java.util.List;

/**
 * What stands in the way of Spark, and what it should know.
 *
 * @param obstacles a sentence each, with the way out; empty if Spark can take over now
 * @param notes what whoever starts Spark should know, a sentence each
 */
public record HandoverReport(List<String> obstacles, List<String> notes) {
    public HandoverReport {
        obstacles = List.copyOf(obstacles);
        notes = List.copyOf(notes);
    }

    /** Returns whether Spark can take over now. */
    public boolean isReady() {
        return obstacles.isEmpty();
    }
}
