package io.tidemark.checkpoint;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.format.ControlFileException;
import io.tidemark.checkpoint.format.FileDigest;
import io.tidemark.checkpoint.format.MetadataFile;
import io.tidemark.checkpoint.format.StreamMetadata;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A checkpoint directory in some storage. */
final class StoredCheckpoint implements Checkpoint {
    private static final Logger LOG = LoggerFactory.getLogger(StoredCheckpoint.class);

    private final Storage storage;
    private final CheckpointLayout layout;
    private volatile OffsetLog offsets;
    private volatile CommitLog commits;
    private @Nullable Metadata metadata; // guarded by this
    private @Nullable Sidecar sidecar; // guarded by this
    private @Nullable Ownership ownership; // guarded by this

    StoredCheckpoint(Storage storage, CheckpointLayout layout) {
        this.storage = storage;
        this.layout = layout;
        this.offsets = new StoredOffsetLog(storage, layout);
        this.commits = new StoredCommitLog(storage, layout);
    }

    @Override
    public CheckpointLayout layout() {
        return layout;
    }

    @Override
    public Storage storage() {
        return storage;
    }

    @Override
    public synchronized Ownership claim(ClaimRequest request) {
        Ownership claimed = StoredOwnership.claim(storage, layout, request);
        try {
            makeDurable();
        } catch (RuntimeException e) {
            claimed.close();
            throw e;
        }
        // What was listed before the claim may have been gone past by whoever owned the checkpoint until now.
        offsets = new StoredOffsetLog(storage, layout);
        commits = new StoredCommitLog(storage, layout);
        ownership = claimed;
        return claimed;
    }

    /**
     * Makes durable what the last owner left: it may have died between giving a file its name and syncing that, and what
     * is built on such a file would outlive it.
     */
    private void makeDurable() {
        for (String directory :
                List.of(layout.root(), layout.offsets(), layout.commits(), layout.sealed(), layout.prepared())) {
            try {
                storage.makeDurable(directory);
            } catch (IOException e) {
                throw StorageFailures.of("sync", directory, e);
            }
        }
    }

    @Override
    public void refuseUnfinishedRepair() {
        new Repairs(storage, layout).refuseUnfinished();
    }

    @Override
    public Optional<StreamMetadata> metadata() {
        try {
            return stored().map(Metadata::value);
        } catch (ControlFileException e) {
            throw e.advisedFor(layout.root());
        }
    }

    private synchronized Optional<Metadata> stored() {
        if (metadata != null) {
            return Optional.of(metadata);
        }
        Optional<byte[]> content;
        try {
            content = storage.read(layout.metadata());
        } catch (IOException e) {
            throw StorageFailures.of("read", layout.metadata(), e);
        }
        if (content.isPresent()) {
            metadata =
                    new Metadata(MetadataFile.decode(layout.metadata(), content.get()), FileDigest.of(content.get()));
            return Optional.of(metadata);
        }
        if (!offsets.batchIds().isEmpty() || !commits.batchIds().isEmpty()) {
            throw new ControlFileException(
                    ErrorCode.CHECKPOINT_METADATA_MISSING,
                    layout.metadata(),
                    "it is missing although there are offsets or commits, and without the query id in it the sink "
                            + "would take a batch twice",
                    "Restore it from a backup; the id also stands in _tidemark/sealed and in the Delta log.");
        }
        return Optional.empty();
    }

    @Override
    public synchronized StreamMetadata metadataOrCreate(Supplier<UUID> newId) {
        Optional<StreamMetadata> found = metadata();
        if (found.isPresent()) {
            return found.get();
        }
        StreamMetadata created = new StreamMetadata(newId.get());
        byte[] content = MetadataFile.encode(created);
        try {
            storage.createExclusive(layout.metadata(), content);
        } catch (FileAlreadyExistsException e) {
            if (ownership != null) {
                ownership.verify();
            }
            return present().value(); // by one that was fenced off, just before
        } catch (IOException e) {
            throw StorageFailures.of("store", layout.metadata(), e);
        }
        metadata = new Metadata(created, FileDigest.of(content));
        return created;
    }

    @Override
    public FileDigest metadataDigest() {
        return present().digest();
    }

    private Metadata present() {
        return stored().orElseThrow(() -> new IllegalStateException("there is no " + layout.metadata() + " yet"));
    }

    @Override
    public OffsetLog offsets() {
        return offsets;
    }

    @Override
    public CommitLog commits() {
        return commits;
    }

    @Override
    public synchronized Sidecar sidecar() {
        if (sidecar == null) {
            sidecar = new StoredSidecar(storage, layout, present().value().queryId(), this::offsetsDigest);
        }
        return sidecar;
    }

    private Optional<FileDigest> offsetsDigest(long batchId) {
        return offsets.batchIds().contains(batchId) ? Optional.of(offsets.digest(batchId)) : Optional.empty();
    }

    @Override
    public CheckpointPosition position() {
        try {
            return new PositionReader(storage, layout, this).read();
        } catch (ControlFileException e) {
            throw e.advisedFor(layout.root());
        }
    }

    @Override
    public void purge(long plannedBatchId, int minBatchesToRetain) {
        if (minBatchesToRetain < 1) {
            throw new IllegalArgumentException("minBatchesToRetain must be above 0: " + minBatchesToRetain);
        }
        try {
            sidecar().compactLosses(plannedBatchId - 1);
        } catch (TidemarkException e) {
            LOG.warn(
                    "The records of lost rows could not be put into one file; a later purge does it. {}",
                    e.getMessage());
        }
        if (plannedBatchId <= minBatchesToRetain) {
            return;
        }
        long firstKept = plannedBatchId - minBatchesToRetain;
        try {
            offsets.purgeBefore(firstKept);
            commits.purgeBefore(firstKept);
            sidecar().purgeBefore(firstKept);
        } catch (TidemarkException e) {
            LOG.warn("Old batches below {} could not be purged; a later purge does it. {}", firstKept, e.getMessage());
        }
    }

    @Override
    public synchronized void close() {
        if (ownership != null) {
            ownership.close();
            ownership = null;
        }
    }

    private record Metadata(StreamMetadata value, FileDigest digest) {}
}
