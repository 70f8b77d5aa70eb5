package io.tidemark.checkpoint;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.SidecarCheck.Corrupt;
import io.tidemark.checkpoint.SidecarCheck.Foreign;
import io.tidemark.checkpoint.SidecarCheck.Matches;
import io.tidemark.checkpoint.format.BatchCommit;
import io.tidemark.checkpoint.format.BatchPlan;
import io.tidemark.checkpoint.format.ControlFileException;
import io.tidemark.checkpoint.format.FileDigest;
import io.tidemark.checkpoint.format.PreparedBatch;
import io.tidemark.checkpoint.format.SealedPlan;
import java.io.IOException;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/** Reads where the logs stand and holds them against each other and against the sidecar. */
final class PositionReader {
    private final Storage storage;
    private final CheckpointLayout layout;
    private final StoredCheckpoint checkpoint;

    PositionReader(Storage storage, CheckpointLayout layout, StoredCheckpoint checkpoint) {
        this.storage = storage;
        this.layout = layout;
        this.checkpoint = checkpoint;
    }

    CheckpointPosition read() {
        SortedSet<Long> planned = checkpoint.offsets().batchIds();
        SortedSet<Long> committed = checkpoint.commits().batchIds();
        if (checkpoint.metadata().isEmpty() || planned.isEmpty()) {
            if (!committed.isEmpty() || hasState()) {
                throw new ControlFileException(
                        ErrorCode.CHECKPOINT_NOT_EMPTY,
                        layout.offsets(),
                        "it holds no batch, but there are commits or state",
                        "Restore it from a backup, or use a new checkpoint location.");
            }
            return new CheckpointPosition(Optional.empty(), Optional.empty(), Optional.empty());
        }
        LogSequence.check(layout, planned, committed, this::sealed);
        long newest = planned.last();
        SortedSet<Long> older = planned.headSet(newest);
        Optional<BatchPlan> plan = Optional.of(plan(newest));
        Optional<BatchPlan> previous = older.isEmpty() ? Optional.empty() : Optional.of(plan(older.last()));
        if (!older.isEmpty()) {
            checkSealed(older.last(), committed);
        }
        checkSealed(newest, committed);
        Optional<BatchCommit> commit = checkpoint.commits().latest();
        commit.ifPresent(this::checkAnnounced);
        return new CheckpointPosition(plan, previous, commit);
    }

    private BatchPlan plan(long batchId) {
        return checkpoint
                .offsets()
                .get(batchId)
                .orElseThrow(() ->
                        LogSequence.gap(layout.offsets(batchId), "it disappeared while it was read", "Start again."));
    }

    private void checkSealed(long batchId, SortedSet<Long> committed) {
        SidecarCheck<SealedPlan> check = checkpoint.sidecar().sealed(batchId);
        if (check instanceof Corrupt<SealedPlan> corrupt) {
            throw ControlFileException.corrupt(
                    corrupt.path(),
                    corrupt.reason(),
                    "Restore it from a backup, or move it away to go on without its protection.");
        }
        if (check instanceof Foreign<SealedPlan> foreign) {
            refuseForeignMetadata(foreign);
            throw ControlFileException.corrupt(
                    layout.offsets(batchId),
                    "it is not what '" + layout.relative(foreign.path()) + "' vouches for: " + foreign.reason(),
                    "Restore it from a backup. If another engine wrote it, move the sealed and prepared files of batch "
                            + batchId + " out of _tidemark.");
        }
        if (!(check instanceof Matches<SealedPlan> matches)) {
            return;
        }
        SealedPlan sealed = matches.value();
        require(layout.metadata(), sealed.metadata(), checkpoint.metadataDigest(), matches.path());
        FileDigest previous = sealed.previousCommit();
        if (previous != null && committed.contains(batchId - 1)) {
            require(layout.commits(batchId - 1), previous, checkpoint.commits().digest(batchId - 1), matches.path());
        }
    }

    /** No engine gives a checkpoint another query id: where two differ, it is the one file that was changed. */
    private void refuseForeignMetadata(Foreign<SealedPlan> foreign) {
        UUID sealedBy = foreign.value().queryId();
        checkpoint.metadata().filter(m -> !m.queryId().equals(sealedBy)).ifPresent(m -> {
            throw ControlFileException.corrupt(
                    layout.metadata(),
                    "it says query " + m.queryId() + ", but '" + layout.relative(foreign.path())
                            + "' says that it belongs to query " + sealedBy,
                    "Restore it from a backup or put that id back: under another one the sink would take a batch"
                            + " twice.");
        });
    }

    /** A commit must be the one that {@code prepared/N} announced. */
    private void checkAnnounced(BatchCommit commit) {
        if (checkpoint.sidecar().prepared(commit.batchId()) instanceof Matches<PreparedBatch> matches) {
            require(
                    layout.commits(commit.batchId()),
                    matches.value().commitDigest(),
                    checkpoint.commits().digest(commit.batchId()),
                    matches.path());
        }
    }

    private void require(String file, FileDigest wanted, FileDigest found, String witness) {
        if (!wanted.equals(found)) {
            throw ControlFileException.corrupt(
                    file,
                    "it is not what '" + layout.relative(witness) + "' vouches for (" + wanted + "; now " + found + ")",
                    "Restore it from a backup. If another engine wrote it, move '" + layout.relative(witness)
                            + "' out of _tidemark.");
        }
    }

    private SortedSet<Long> sealed() {
        TreeSet<Long> sealed = new TreeSet<>();
        StoredSidecar.list(storage, layout.sealed()).forEach(name -> sealed.add(name.batchId()));
        return sealed;
    }

    private boolean hasState() {
        try {
            return holdsFiles(layout.state());
        } catch (IOException e) {
            throw StorageFailures.of("list", layout.state(), e);
        }
    }

    private boolean holdsFiles(String directory) throws IOException {
        for (FileStatus child : storage.list(directory)) {
            if (!child.directory() || holdsFiles(child.path())) {
                return true;
            }
        }
        return false;
    }
}
