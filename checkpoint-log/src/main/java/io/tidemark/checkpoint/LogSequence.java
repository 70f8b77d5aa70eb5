package io.tidemark.checkpoint;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.checkpoint.format.ControlFileException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.function.Supplier;

/**
 * Whether the two logs follow each other. Spark only warns, or says nothing; we refuse what can hide a lost or doubled
 * batch.
 *
 * <p>Ids that are missing from both logs and were never sealed by us are how Spark's asynchronous progress tracking
 * leaves them: batches that existed in memory alone.
 */
final class LogSequence {
    private LogSequence() {}

    /** Throws the first of {@link #problems}. */
    static void check(
            CheckpointLayout layout,
            SortedSet<Long> planned,
            SortedSet<Long> committed,
            Supplier<SortedSet<Long>> sealedByUs) {
        List<ControlFileException> problems = problems(layout, planned, committed, sealedByUs);
        if (!problems.isEmpty()) {
            throw problems.get(0);
        }
    }

    /**
     * Returns every way in which the logs do not follow each other.
     *
     * @param planned ids in {@code offsets/}, not empty
     * @param sealedByUs ids in {@code sealed/}; asked for only if there is a gap, which may be of any width
     */
    static List<ControlFileException> problems(
            CheckpointLayout layout,
            SortedSet<Long> planned,
            SortedSet<Long> committed,
            Supplier<SortedSet<Long>> sealedByUs) {
        List<ControlFileException> problems = new ArrayList<>();
        long newest = planned.last();
        for (long batch : committed.tailSet(planned.first())) {
            if (!planned.contains(batch)) {
                problems.add(gap(
                        layout.offsets(batch),
                        "it is missing although batch " + batch + " is committed",
                        "Restore it from a backup."));
            }
        }
        long before = planned.first();
        for (long batch : planned) {
            SortedSet<Long> sealed = batch - before < 2
                    ? Collections.emptySortedSet()
                    : sealedByUs.get().subSet(before + 1, batch);
            for (long missing : sealed) {
                if (!committed.contains(missing)) {
                    problems.add(gap(
                            layout.offsets(missing),
                            "it is missing although _tidemark/sealed/" + missing + " shows that it was written",
                            "Restore it from a backup."));
                }
            }
            before = batch;
        }
        if (newest > 0 && planned.size() == 1) {
            problems.add(gap(
                    layout.offsets(newest - 1),
                    "it is missing, and it says where batch " + newest + " starts",
                    "Restore it from a backup."));
        }
        for (long batch : planned.headSet(newest)) {
            boolean purged = !committed.isEmpty() && batch < committed.first();
            if (!purged && !committed.contains(batch)) {
                problems.add(gap(
                        layout.commits(batch),
                        "it is missing although batch " + newest + " was planned after it",
                        "Restore it from a backup; or, if the sink does not hold batch " + newest + ", move offsets/"
                                + (batch + 1) + " and above out of the way to run batch " + batch + " again."));
            }
        }
        return problems;
    }

    static ControlFileException gap(String file, String problem, String cure) {
        return new ControlFileException(ErrorCode.CHECKPOINT_GAP, file, problem, cure);
    }
}
