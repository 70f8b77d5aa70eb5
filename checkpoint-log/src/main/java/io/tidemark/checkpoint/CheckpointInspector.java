package io.tidemark.checkpoint;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.CheckpointReport.BatchReport;
import io.tidemark.checkpoint.CheckpointReport.BatchState;
import io.tidemark.checkpoint.CheckpointReport.Problem;
import io.tidemark.checkpoint.format.BatchIds;
import io.tidemark.checkpoint.format.BatchPlan;
import io.tidemark.checkpoint.format.CommitMetadata;
import io.tidemark.checkpoint.format.ControlFileException;
import io.tidemark.checkpoint.format.EpochRecord;
import io.tidemark.checkpoint.format.FileDigest;
import io.tidemark.checkpoint.format.LossRecord;
import io.tidemark.checkpoint.format.MetadataFile;
import io.tidemark.checkpoint.format.OffsetFile;
import io.tidemark.checkpoint.format.PreparedBatch;
import io.tidemark.checkpoint.format.SealedPlan;
import io.tidemark.checkpoint.format.SidecarFile;
import io.tidemark.checkpoint.format.StreamMetadata;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole checkpoint and says what is in it and what is wrong with it. Takes no lock, claims nothing, never
 * writes; it may run beside the owner, whose purge it does not mistake for damage.
 */
public final class CheckpointInspector {
    private static final int LOOKS = 20;
    private static final String RESTORE = "Restore it from a backup, or move it away.";

    private final Storage storage;
    private final CheckpointLayout layout;
    private final List<Problem> problems = new ArrayList<>();
    private boolean overtaken; // the owner purged all but the last of the batches that there were at the beginning

    private CheckpointInspector(Storage storage, CheckpointLayout layout) {
        this.storage = storage;
        this.layout = layout;
    }

    /**
     * Reads the checkpoint at {@code location}.
     *
     * @throws TidemarkException {@code FILE_NOT_READABLE} if there is no checkpoint, {@code STORAGE_FAILED} if storage
     *     fails
     */
    public static CheckpointReport inspect(Storage storage, String location) {
        CheckpointLayout layout = new CheckpointLayout(storage.qualify(location));
        for (int look = 1; ; look++) {
            CheckpointInspector inspector = new CheckpointInspector(storage, layout);
            CheckpointReport report = inspector.inspect();
            if (!inspector.overtaken || look == LOOKS) {
                return report;
            }
        }
    }

    private CheckpointReport inspect() {
        List<EpochRecord> epochs =
                readAll(layout.epochs(), name -> SidecarFile.decodeEpoch(name.path(), name.content()));
        TreeSet<Long> plannedBefore = planned();
        SortedMap<Long, byte[]> commits = readBatches(layout.commits());
        SortedMap<Long, PreparedBatch> prepared = prepared(StoredSidecar.list(storage, layout.prepared()));
        SortedMap<Long, SealedPlan> sealed = sealed(StoredSidecar.list(storage, layout.sealed()));
        SortedMap<Long, byte[]> offsets = readBatches(layout.offsets());
        TreeSet<Long> plannedAfter = planned();
        overtaken = plannedBefore.size() > 1 && !plannedAfter.isEmpty() && plannedAfter.first() >= plannedBefore.last();
        for (SortedMap<Long, ?> found : List.of(commits, prepared, sealed, offsets)) {
            found.keySet().removeIf(batch -> changedMeanwhile(batch, plannedBefore, plannedAfter));
        }
        Optional<byte[]> metadata = read(layout.metadata());
        if (metadata.isEmpty() && offsets.isEmpty() && commits.isEmpty() && epochs.isEmpty()) {
            throw new TidemarkException(
                    ErrorCode.FILE_NOT_READABLE,
                    "Cannot inspect '" + layout.root()
                            + "': it is not a checkpoint, it has neither metadata nor offsets"
                            + " nor commits. Name the checkpointLocation of a query.");
        }
        if (read(layout.repair()).isPresent()) {
            problem(
                    layout.repair(),
                    "a repair or a rewind was begun and not finished",
                    "'tidemark checkpoint doctor " + layout.root() + " --apply' finishes it.");
        }
        StreamMetadata identity = metadata(metadata, !offsets.isEmpty() || !commits.isEmpty());
        checkSequence(offsets.keySet(), commits.keySet(), sealed.keySet());
        Digests digests = new Digests(identity, metadata, offsets, commits);
        sealed.values().forEach(one -> checkSealed(one, digests));
        prepared.values().forEach(one -> checkPrepared(one, digests));
        List<LossRecord> losses = losses();
        return new CheckpointReport(
                layout.root(),
                identity == null ? null : identity.queryId(),
                epochs,
                batches(offsets, commits, sealed, prepared),
                problems,
                losses,
                names(layout.stale()));
    }

    /** Whether the owner planned a batch after we began to look, or a purge is through with it, or half through. */
    private static boolean changedMeanwhile(long batch, TreeSet<Long> before, TreeSet<Long> after) {
        boolean planned = (before.isEmpty() || batch > before.last()) && after.contains(batch);
        boolean purged = !after.isEmpty() && batch < after.first();
        return planned || purged;
    }

    private @Nullable StreamMetadata metadata(Optional<byte[]> content, boolean batches) {
        if (content.isEmpty()) {
            if (batches) {
                problem(
                        layout.metadata(),
                        "it is missing although there are offsets or commits",
                        "Restore it from a backup; the id also stands in _tidemark/sealed and in the Delta log.");
            }
            return null;
        }
        return decode(() -> MetadataFile.decode(layout.metadata(), content.get()));
    }

    private SortedMap<Long, SealedPlan> sealed(List<SidecarName> names) {
        SortedMap<Long, SealedPlan> found = new TreeMap<>();
        for (SidecarName name : names) {
            Optional<byte[]> content = name.attempt() == 0 ? read(name.path()) : Optional.empty();
            SealedPlan plan =
                    content.isEmpty() ? null : decode(() -> SidecarFile.decodeSealed(name.path(), content.get()));
            if (plan != null) {
                if (plan.batchId() != name.batchId()) {
                    problem(name.path(), "it is of batch " + plan.batchId() + " by its content", RESTORE);
                } else {
                    found.put(name.batchId(), plan);
                }
            }
        }
        return found;
    }

    private SortedMap<Long, PreparedBatch> prepared(List<SidecarName> names) {
        SortedMap<Long, PreparedBatch> found = new TreeMap<>();
        for (SidecarName name : names) { // ascending by attempt: the highest stays
            Optional<byte[]> content = read(name.path());
            PreparedBatch batch =
                    content.isEmpty() ? null : decode(() -> SidecarFile.decodePrepared(name.path(), content.get()));
            if (batch != null) {
                if (batch.batchId() != name.batchId() || batch.attempt() != name.attempt()) {
                    problem(
                            name.path(),
                            "it is of batch " + batch.batchId() + ", attempt " + batch.attempt() + " by its content",
                            RESTORE);
                } else {
                    found.put(name.batchId(), batch);
                }
            }
        }
        return found;
    }

    private void checkSequence(java.util.Set<Long> offsets, java.util.Set<Long> commits, java.util.Set<Long> sealed) {
        SortedSet<Long> planned = new TreeSet<>(offsets);
        if (planned.isEmpty()) {
            if (!commits.isEmpty()) {
                problem(
                        layout.offsets(),
                        "it holds no batch, but there are commits",
                        "Restore it from a backup, or use a new checkpoint location.");
            }
            return;
        }
        LogSequence.problems(layout, planned, new TreeSet<>(commits), () -> new TreeSet<>(sealed))
                .forEach(this::problem);
    }

    private void checkSealed(SealedPlan sealed, Digests digests) {
        long batch = sealed.batchId();
        String witness = layout.sealed(batch);
        checkQuery(witness, sealed.queryId(), digests.queryId());
        FileDigest offsets = digests.offsets.get(batch);
        if (offsets == null) {
            problem(
                    witness,
                    "there is no offsets/" + batch + " that it could vouch for",
                    "A start moves it to _tidemark/stale.");
        }
        require(layout.offsets(batch), sealed.offsets(), offsets, witness);
        require(layout.metadata(), sealed.metadata(), digests.metadata, witness);
        require(layout.commits(batch - 1), sealed.previousCommit(), digests.commits.get(batch - 1), witness);
    }

    private void checkPrepared(PreparedBatch prepared, Digests digests) {
        long batch = prepared.batchId();
        String witness = layout.prepared(batch, prepared.attempt());
        checkQuery(witness, prepared.queryId(), digests.queryId());
        FileDigest offsets = digests.offsets.get(batch);
        if (offsets == null || !offsets.equals(prepared.offsets())) {
            problem(witness, "it was made for another offsets/" + batch, "A start moves it to _tidemark/stale.");
            return;
        }
        require(layout.commits(batch), prepared.commitDigest(), digests.commits.get(batch), witness);
    }

    private void checkQuery(String witness, UUID found, @Nullable UUID wanted) {
        if (wanted != null && !found.equals(wanted)) {
            problem(witness, "it belongs to query " + found + ", 'metadata' says " + wanted, RESTORE);
        }
    }

    private void require(String file, @Nullable FileDigest wanted, @Nullable FileDigest found, String witness) {
        if (wanted != null && found != null && !wanted.equals(found)) {
            problem(
                    file,
                    "it is not what '" + layout.relative(witness) + "' vouches for (" + wanted + "; now " + found + ")",
                    "Restore it from a backup. If another engine wrote it, move '" + layout.relative(witness)
                            + "' out of _tidemark.");
        }
    }

    private List<BatchReport> batches(
            SortedMap<Long, byte[]> offsets,
            SortedMap<Long, byte[]> commits,
            SortedMap<Long, SealedPlan> sealed,
            SortedMap<Long, PreparedBatch> prepared) {
        TreeSet<Long> ids = new TreeSet<>(offsets.keySet());
        ids.addAll(commits.keySet());
        ids.addAll(sealed.keySet());
        ids.addAll(prepared.keySet());
        List<BatchReport> batches = new ArrayList<>();
        for (long id : ids) {
            BatchState state = !offsets.containsKey(id)
                    ? BatchState.WITHOUT_PLAN
                    : commits.containsKey(id)
                            ? BatchState.COMMITTED
                            : prepared.containsKey(id) ? BatchState.PREPARED : BatchState.PLANNED;
            BatchPlan plan = offsets.containsKey(id)
                    ? decode(() -> OffsetFile.decode(layout.offsets(id), id, offsets.get(id)))
                    : null;
            CommitMetadata commit = commits.containsKey(id)
                    ? decode(() -> StoredCommitLog.decode(storage, layout, id, commits.get(id))
                            .metadata())
                    : null;
            batches.add(new BatchReport(id, state, plan, commit, sealed.get(id), prepared.get(id)));
        }
        return batches;
    }

    private TreeSet<Long> planned() {
        TreeSet<Long> planned = new TreeSet<>();
        for (FileStatus file : list(layout.offsets())) {
            if (!file.directory() && BatchIds.isCanonical(file.name())) {
                planned.add(BatchIds.parse(file.name()));
            }
        }
        return planned;
    }

    private SortedMap<Long, byte[]> readBatches(String directory) {
        SortedMap<Long, byte[]> found = new TreeMap<>();
        for (FileStatus file : list(directory)) {
            if (file.directory() || !BatchIds.looksLikeBatch(file.name())) {
                continue;
            }
            if (!BatchIds.isCanonical(file.name())) {
                problem(BatchFiles.misnamed(file.path()));
                continue;
            }
            read(file.path()).ifPresent(content -> found.put(BatchIds.parse(file.name()), content));
        }
        return found;
    }

    private List<LossRecord> losses() {
        LossLedger.Contents contents = LossLedger.contents(storage, layout.losses());
        List<LossRecord> found = new ArrayList<>();
        contents.compacted().forEach((path, content) -> {
            List<LossRecord> records = decode(() -> SidecarFile.decodeLosses(path, content));
            found.addAll(records == null ? List.of() : records);
        });
        contents.singles().forEach((path, content) -> {
            LossRecord loss = decode(() -> SidecarFile.decodeLoss(path, content));
            if (loss != null) {
                found.add(loss);
            }
        });
        return LossLedger.merge(found);
    }

    private <T> List<T> readAll(String directory, Function<NamedContent, T> decoder) {
        List<T> found = new ArrayList<>();
        for (SidecarName name : StoredSidecar.list(storage, directory)) {
            Optional<byte[]> content = read(name.path());
            T value = content.isEmpty()
                    ? null
                    : decode(() -> decoder.apply(new NamedContent(name.path(), content.get())));
            if (value != null) {
                found.add(value);
            }
        }
        return found;
    }

    private <T> @Nullable T decode(java.util.function.Supplier<T> decoder) {
        try {
            return decoder.get();
        } catch (ControlFileException e) {
            problem(e);
            return null;
        }
    }

    private void problem(ControlFileException e) {
        problem(e.file(), e.problem(), e.cure());
    }

    private void problem(String file, String problem, String cure) {
        problems.add(new Problem(layout.relative(file), problem, cure));
    }

    private Optional<byte[]> read(String path) {
        try {
            return storage.read(path);
        } catch (IOException e) {
            throw StorageFailures.of("read", path, e);
        }
    }

    private List<FileStatus> list(String directory) {
        try {
            return storage.list(directory);
        } catch (IOException e) {
            throw StorageFailures.of("list", directory, e);
        }
    }

    private List<String> names(String directory) {
        return list(directory).stream().map(FileStatus::name).toList();
    }

    private record NamedContent(String path, byte[] content) {}

    /** Length and checksum of everything that sidecars vouch for. */
    private static final class Digests {
        private final @Nullable StreamMetadata identity;
        private final @Nullable FileDigest metadata;
        private final SortedMap<Long, FileDigest> offsets = new TreeMap<>();
        private final SortedMap<Long, FileDigest> commits = new TreeMap<>();

        Digests(
                @Nullable StreamMetadata identity,
                Optional<byte[]> metadata,
                SortedMap<Long, byte[]> offsets,
                SortedMap<Long, byte[]> commits) {
            this.identity = identity;
            this.metadata = metadata.map(FileDigest::of).orElse(null);
            offsets.forEach((id, content) -> this.offsets.put(id, FileDigest.of(content)));
            commits.forEach((id, content) -> this.commits.put(id, FileDigest.of(content)));
        }

        @Nullable
        UUID queryId() {
            return identity == null ? null : identity.queryId();
        }
    }
}
