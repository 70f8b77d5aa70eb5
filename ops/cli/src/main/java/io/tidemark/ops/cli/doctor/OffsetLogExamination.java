package io.tidemark.ops.cli.doctor;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.checkpoint.CheckpointLayout;
import io.tidemark.checkpoint.format.ControlFileException;
import io.tidemark.checkpoint.format.FileDigest;
import io.tidemark.checkpoint.format.SealedPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** Plans that are damaged or missing. */
final class OffsetLogExamination {
    private final Subject subject;
    private final CheckpointFiles files;
    private final CheckpointLayout layout;

    OffsetLogExamination(Subject subject) {
        this.subject = subject;
        this.files = subject.files();
        this.layout = subject.layout();
    }

    /** A plan cannot be read, or is not the one that was sealed. */
    Finding damaged(ControlFileException e, long batch) {
        List<String> evidence = subject.witnesses().ofPlan(batch);
        evidence.add(subject.witnesses().table());
        Optional<Finding> staleSeal = staleSeal(e, batch, evidence);
        if (staleSeal.isPresent()) {
            return staleSeal.get();
        }
        if (e.code() == ErrorCode.CHECKPOINT_VERSION_UNSUPPORTED && !isContradictedBySeal(batch)) {
            return subject.incurable(
                    e,
                    evidence,
                    List.of("A newer engine wrote it: go on with that engine, or with a newer Tidemark.", Ways.BACKUP));
        }
        boolean newest = batch == subject.planned().last();
        if (newest && !subject.committed().contains(batch) && subject.isTableAtMost(batch - 1)) {
            return subject.setAside(
                    e,
                    evidence,
                    subject.plansFrom(batch),
                    "Batch " + batch
                            + " is in neither log of what is done: it is planned anew, perhaps with other rows, and"
                            + " the rows come after it that it leaves.");
        }
        return subject.incurable(e, evidence, subject.ways(batch - 1));
    }

    private boolean isVouchedForBySeal(long batch) {
        return sealedDigest(batch).isPresent() && sealedDigest(batch).equals(files.digest(layout.offsets(batch)));
    }

    private boolean isContradictedBySeal(long batch) {
        return sealedDigest(batch).isPresent() && !isVouchedForBySeal(batch);
    }

    private Optional<FileDigest> sealedDigest(long batch) {
        return files.sealedPlan(batch).map(SealedPlan::offsets);
    }

    /** The plan is sound, and what was sealed speaks of another one. */
    private Optional<Finding> staleSeal(ControlFileException e, long batch, List<String> evidence) {
        boolean sound = files.plan(batch).isPresent();
        boolean sealed = files.read(layout.sealed(batch)).isPresent();
        if (!sound || !sealed || isVouchedForBySeal(batch)) {
            return Optional.empty();
        }
        boolean preparedAgrees =
                files.prepared(batch).filter(subject.witnesses()::fitsItsPlan).isPresent();
        if (!preparedAgrees && !isDoneByAnotherEngine(batch)) {
            return Optional.empty();
        }
        List<String> stale = new ArrayList<>(List.of("_tidemark/sealed/" + batch));
        if (!preparedAgrees) {
            stale.addAll(files.preparedOf(batch));
        }
        return Optional.of(subject.setAside(
                e,
                evidence,
                stale,
                "It is the sealed plan that belongs to another past: "
                        + (preparedAgrees
                                ? "what was prepared fits the plan that is there."
                                : "another engine ran this batch.")));
    }

    private boolean isDoneByAnotherEngine(long batch) {
        Table table = subject.table();
        return table != null
                && table.ledger()
                        .entry(batch)
                        .filter(entry -> entry.epoch() < 0)
                        .isPresent();
    }

    /** A plan is missing: among others, or behind the newest one, where something was made from it. */
    Finding missing(ControlFileException e, long batch) {
        SortedSet<Long> planned = subject.planned();
        List<String> evidence = subject.witnesses().ofPlan(batch);
        evidence.add(subject.witnesses().logs());
        evidence.add(subject.witnesses().table());
        long newest = planned.last();
        if (batch > newest && subject.isTableAtMost(newest)) {
            return subject.setAside(
                    e,
                    evidence,
                    unplannedAbove(newest),
                    "The table holds no batch above " + newest + ": the later ones are planned and run anew.");
        } else if (batch < newest - 1 && planned.contains(newest - 1)) {
            return subject.setAside(
                    e,
                    evidence,
                    historyUpTo(batch),
                    "A start needs the newest two plans alone; the older ones go as a purge would have taken them.");
        }
        return subject.incurable(e, evidence, subject.ways(Math.min(batch - 1, newest)));
    }

    private List<String> unplannedAbove(long newest) {
        List<String> paths = subject.plansFrom(newest + 1);
        subject.committed().tailSet(newest + 1).forEach(b -> paths.add("commits/" + b));
        return paths;
    }

    /** What a purge of everything up to {@code batch} would have taken. */
    private List<String> historyUpTo(long batch) {
        List<String> paths = new ArrayList<>();
        subject.planned().headSet(batch + 1).forEach(b -> paths.add("offsets/" + b));
        subject.committed().headSet(batch + 1).forEach(b -> paths.add("commits/" + b));
        files.ids(layout.sealed()).headSet(batch + 1).forEach(b -> paths.add("_tidemark/sealed/" + b));
        for (long b = 0; b <= batch; b++) {
            paths.addAll(files.preparedOf(b));
        }
        return paths;
    }
}
