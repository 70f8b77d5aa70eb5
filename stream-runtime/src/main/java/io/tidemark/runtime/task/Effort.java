package io.tidemark.runtime.task;

/**
 * What it took to compute a batch, besides its rows.
 *
 * @param tasks of all stages
 * @param failures attempts that failed and were made again
 * @param speculated second attempts that were begun because the first was slow
 * @param blocksLost shuffle blocks that were missing or damaged when they were read
 * @param mapTasksRepeated tasks that ran again to make lost blocks anew
 * @param shuffleBytes written to shuffles
 * @param spilledBytes of these written to disk
 */
public record Effort(
        int tasks,
        int failures,
        int speculated,
        int blocksLost,
        int mapTasksRepeated,
        long shuffleBytes,
        long spilledBytes) {}
