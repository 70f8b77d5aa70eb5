package io.tidemark.checkpoint;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.checkpoint.format.ControlFileException;
import java.util.SortedSet;
import java.util.function.LongPredicate;

/**
 * Whether the two logs follow each other. Spark only warns, or says nothing; we refuse what can hide a lost or doubled
 * batch.
 *
 * <p>Ids that are missing from both logs and were never sealed by us are how Spark's asynchronous progress tracking
 * leaves them: batches that existed in memory alone.
 */
final class LogSequence {
    private LogSequence() {}

    /**
     * @param planned ids in {@code offsets/}, not empty
     * @param sealedByUs whether {@code sealed/N} exists
     */
    static void check(
            CheckpointLayout layout, SortedSet<Long> planned, SortedSet<Long> committed, LongPredicate sealedByUs) {
        long newest = planned.last();
        if (!committed.isEmpty() && committed.last() > newest) {
            throw gap(
                    layout.offsets(committed.last()),
                    "it is missing although batch " + committed.last() + " is committed",
                    "Restore it from a backup.");
        }
        for (long batch : committed.tailSet(planned.first())) {
            if (!planned.contains(batch)) {
                throw gap(
                        layout.offsets(batch),
                        "it is missing although batch " + batch + " is committed",
                        "Restore it from a backup.");
            }
        }
        long before = -1;
        for (long batch : planned) {
            for (long missing = batch - 1; before >= 0 && missing > before; missing--) {
                if (sealedByUs.test(missing)) {
                    throw gap(
                            layout.offsets(missing),
                            "it is missing although _tidemark/sealed/" + missing + " shows that it was written",
                            "Restore it from a backup.");
                }
            }
            before = batch;
        }
        if (newest > 0 && planned.size() == 1) {
            throw gap(
                    layout.offsets(newest - 1),
                    "it is missing, and it says where batch " + newest + " starts",
                    "Restore it from a backup.");
        }
        for (long batch : planned.headSet(newest)) {
            boolean purged = !committed.isEmpty() && batch < committed.first();
            if (!purged && !committed.contains(batch)) {
                throw gap(
                        layout.commits(batch),
                        "it is missing although batch " + newest + " was planned after it",
                        "Restore it from a backup; or, if the sink does not hold batch " + newest + ", move offsets/"
                                + (batch + 1) + " and above out of the way to run batch " + batch + " again.");
            }
        }
    }

    static ControlFileException gap(String file, String problem, String cure) {
        return new ControlFileException(ErrorCode.CHECKPOINT_GAP, file, problem, cure);
    }
}
