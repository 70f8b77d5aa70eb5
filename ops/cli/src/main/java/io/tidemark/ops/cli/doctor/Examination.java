package io.tidemark.ops.cli.doctor;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.CheckpointLayout;
import io.tidemark.checkpoint.CheckpointPosition;
import io.tidemark.checkpoint.format.BatchIds;
import io.tidemark.checkpoint.format.ControlFileException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One walk through what a start checks, up to the first thing that it would refuse. What is wrong is judged by the witnesses
 * there are: a sealed plan vouches for the plan and for the commit before it, a prepared batch for its commit, the table's
 * ledger for what was delivered.
 *
 * <p>A repair is offered only if it cannot change what ends up in the table: a file is taken away only if the table does not
 * hold its batch, and written only from what announced its very bytes.
 */
final class Examination {
    private final Subject subject;
    private final CheckpointFiles files;

    Examination(Storage storage, CheckpointLayout layout, @Nullable Table table, Rewind rewind) {
        this.files = new CheckpointFiles(storage, layout);
        this.subject = new Subject(files, table, rewind);
    }

    /** Returns the first thing that a start would refuse. */
    Optional<Finding> first() {
        Optional<Finding> misnamed = misnamed();
        if (misnamed.isPresent()) {
            return misnamed;
        }
        CheckpointPosition position;
        try {
            position =
                    Checkpoint.open(subject.storage(), subject.layout().root()).position();
        } catch (ControlFileException e) {
            return Optional.of(judge(e));
        }
        return new SidecarExamination(subject)
                .prepared(position)
                .or(() -> Optional.ofNullable(subject.table())
                        .flatMap(table -> new TableExamination(subject, table, position).finding()))
                .or(() -> new StateExamination(subject).finding(position));
    }

    private Optional<Finding> misnamed() {
        List<String> misnamed = files.misnamed();
        if (misnamed.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Finding.setAside(
                ErrorCode.CHECKPOINT_FILE_CORRUPT,
                "'" + misnamed.get(0)
                        + "' is named like a batch and not spelled like one; no engine writes such files.",
                misnamed.stream().map(files::describe).toList(),
                misnamed,
                "The file is no part of the log; nothing is lost."));
    }

    private Finding judge(ControlFileException e) {
        String file = subject.layout().relative(e.file());
        String name = file.substring(file.lastIndexOf('/') + 1);
        if (file.equals("metadata")) {
            return new MetadataExamination(subject).damaged(e);
        } else if (e.code() == ErrorCode.CHECKPOINT_NOT_EMPTY) {
            return new MetadataExamination(subject).withoutPlans(e);
        } else if (!BatchIds.isCanonical(name)) {
            return hopeless(e, file);
        }
        long batch = BatchIds.parse(name);
        boolean gap = e.code() == ErrorCode.CHECKPOINT_GAP;
        if (file.startsWith("_tidemark/sealed/")) {
            return new SidecarExamination(subject).damagedSeal(e, batch);
        } else if (file.startsWith("offsets/")) {
            OffsetLogExamination offsets = new OffsetLogExamination(subject);
            return gap ? offsets.missing(e, batch) : offsets.damaged(e, batch);
        } else if (gap || file.startsWith("commits/")) {
            CommitLogExamination commits = new CommitLogExamination(subject);
            return gap ? commits.missing(e, batch) : commits.damaged(e, batch);
        }
        return hopeless(e, file);
    }

    private Finding hopeless(ControlFileException e, String file) {
        return subject.incurable(e, List.of(files.describe(file)), List.of(Ways.BACKUP, Ways.ANEW));
    }
}
