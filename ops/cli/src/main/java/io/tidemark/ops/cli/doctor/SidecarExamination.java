package io.tidemark.ops.cli.doctor;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.checkpoint.CheckpointPosition;
import io.tidemark.checkpoint.format.ControlFileException;
import io.tidemark.ops.cli.doctor.CheckpointFiles.Prepared;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sidecars that are damaged, beside logs that are sound. */
final class SidecarExamination {
    private final Subject subject;
    private final CheckpointFiles files;

    SidecarExamination(Subject subject) {
        this.subject = subject;
        this.files = subject.files();
    }

    /** A sealed plan cannot be read, or does not fit. */
    Finding damagedSeal(ControlFileException e, long batch) {
        Optional<Prepared> prepared = files.prepared(batch);
        boolean contradicted =
                prepared.filter(p -> !subject.witnesses().fitsItsPlan(p)).isPresent();
        if (contradicted || files.plan(batch).isEmpty()) {
            return new OffsetLogExamination(subject).damaged(e, batch);
        }
        List<String> evidence = new ArrayList<>(List.of(files.describe("_tidemark/sealed/" + batch)));
        evidence.addAll(subject.witnesses().ofPlan(batch));
        return subject.setAside(
                e,
                evidence,
                List.of("_tidemark/sealed/" + batch),
                "offsets/" + batch + " can be read"
                        + (prepared.isPresent() ? " and is what the batch was prepared from" : "")
                        + ". Without the sealed plan nobody notices if a topic was created again since, or if the query"
                        + " was changed.");
    }

    /** Returns what is wrong with what was prepared for the newest batch. */
    Optional<Finding> prepared(CheckpointPosition position) {
        if (position.latestPlan().isEmpty()) {
            return Optional.empty();
        }
        long newest = position.latestPlan().get().batchId();
        List<String> unreadable = files.preparedOf(newest);
        if (unreadable.isEmpty() || files.prepared(newest).isPresent()) {
            return Optional.empty();
        }
        boolean unfinished = position.isUnfinished();
        boolean held = subject.table() != null && subject.table().newestBatch() >= newest;
        List<String> evidence =
                new ArrayList<>(unreadable.stream().map(files::describe).toList());
        evidence.add(subject.witnesses().table());
        return Optional.of(Finding.setAside(
                ErrorCode.CHECKPOINT_FILE_CORRUPT,
                "What was prepared for batch " + newest + " cannot be read"
                        + (unfinished ? ", and the batch is not finished." : "; the batch is committed."),
                evidence,
                unreadable,
                !unfinished
                        ? "A committed batch needs it no more."
                        : held
                                ? "The table holds the batch; its range is read once more for the watermark."
                                : "The batch runs again over exactly the planned rows."));
    }
}
