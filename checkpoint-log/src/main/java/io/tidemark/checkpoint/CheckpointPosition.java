package io.tidemark.checkpoint;

import io.tidemark.checkpoint.format.BatchCommit;
import io.tidemark.checkpoint.format.BatchPlan;
import java.util.Optional;

/**
 * Where the logs stand, after a check that they fit together.
 *
 * @param latestPlan newest entry of the offset log
 * @param previousPlan the entry before it: where the newest batch starts. Empty if the newest is batch 0
 * @param latestCommit newest entry of the commit log: of the newest plan, or of the one before
 */
public record CheckpointPosition(
        Optional<BatchPlan> latestPlan, Optional<BatchPlan> previousPlan, Optional<BatchCommit> latestCommit) {
    /** Returns whether the newest plan has to be finished before another batch is planned. */
    public boolean isUnfinished() {
        return latestPlan.isPresent()
                && latestCommit.map(BatchCommit::batchId).orElse(-1L)
                        != latestPlan.get().batchId();
    }

    /** Returns the batch to work on next: the unfinished one, or the one to plan. */
    public long nextBatchId() {
        return latestPlan
                .map(plan -> isUnfinished() ? plan.batchId() : plan.batchId() + 1)
                .orElse(0L);
    }
}
