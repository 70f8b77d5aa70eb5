package io.tidemark.checkpoint;

import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.format.FileDigest;
import io.tidemark.checkpoint.format.StreamMetadata;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

final class StoredCheckpoint implements Checkpoint {
    private final Storage storage;
    private final CheckpointLayout layout;

    StoredCheckpoint(Storage storage, CheckpointLayout layout) {
        this.storage = storage;
        this.layout = layout;
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
    public Ownership claim(ClaimRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<StreamMetadata> metadata() {
        throw new UnsupportedOperationException();
    }

    @Override
    public StreamMetadata metadataOrCreate(Supplier<UUID> newId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileDigest metadataDigest() {
        throw new UnsupportedOperationException();
    }

    @Override
    public OffsetLog offsets() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CommitLog commits() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Sidecar sidecar() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CheckpointPosition position() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void purge(long plannedBatchId, int minBatchesToRetain) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
