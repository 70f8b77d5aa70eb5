package io.tidemark.checkpoint;

import io.tidemark.api.storage.Storage;
import io.tidemark.checkpoint.format.FileDigest;
import io.tidemark.checkpoint.format.StreamMetadata;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * A query's checkpoint directory, opened by its owner. Order of a start: {@link #claim}, then everything else.
 *
 * <p>Opening reads nothing and writes nothing. Methods throw {@link io.tidemark.api.error.TidemarkException}.
 */
public interface Checkpoint extends AutoCloseable {
    /** Returns where everything stands. */
    CheckpointLayout layout();

    /** Returns the storage that everything goes through. */
    Storage storage();

    /**
     * Makes the directory and claims it, before anything else is read or written.
     *
     * @throws io.tidemark.api.error.TidemarkException {@code CHECKPOINT_OWNED}, naming pid and host, if another run holds
     *     it; {@code WRITER_FENCED} if another run claimed it at the same moment and won
     */
    Ownership claim(ClaimRequest request);

    /**
     * Refuses a checkpoint that a tool has begun to change and not finished. Asked before and after {@link #claim}.
     *
     * @throws io.tidemark.api.error.TidemarkException {@code CHECKPOINT_REPAIR_UNFINISHED}
     */
    void refuseUnfinishedRepair();

    /**
     * Returns the query's identity, or empty in a fresh directory.
     *
     * @throws io.tidemark.api.error.TidemarkException {@code CHECKPOINT_METADATA_MISSING} if it is missing although there
     *     are offsets or commits
     */
    Optional<StreamMetadata> metadata();

    /** Returns the query's identity; in a fresh directory writes one that {@code newId} gives. */
    StreamMetadata metadataOrCreate(Supplier<UUID> newId);

    /** Returns length and checksum of {@code metadata}, which must exist. */
    FileDigest metadataDigest();

    /** Returns the offset log; it is listed at the first use. */
    OffsetLog offsets();

    /** Returns the commit log; it is listed at the first use. */
    CommitLog commits();

    /** Returns the sidecar; {@code metadata} must exist. */
    Sidecar sidecar();

    /**
     * Reads where the logs stand and checks that they fit together and to what {@code sealed} and {@code prepared} say of
     * their files. Reads, never writes.
     *
     * @throws io.tidemark.api.error.TidemarkException {@code CHECKPOINT_GAP} for holes in a log and for logs that do not
     *     follow each other; {@code CHECKPOINT_FILE_CORRUPT} for a file that is torn, altered, or misnamed; {@code
     *     CHECKPOINT_NOT_EMPTY} if there are commits or state and no offsets
     */
    CheckpointPosition position();

    /**
     * Deletes what is no longer needed once batch {@code plannedBatchId} stands in the offset log: offsets, commits and
     * sidecars of batches below {@code plannedBatchId - minBatchesToRetain}. Deletes by name, on any
     * thread; what fails is logged and done again by a later call.
     */
    void purge(long plannedBatchId, int minBatchesToRetain);

    @Override
    void close();

    /**
     * Opens the checkpoint at {@code location}.
     *
     * @param storage should keep its temporary files in {@link CheckpointLayout#temporary}
     */
    static Checkpoint open(Storage storage, String location) {
        return new StoredCheckpoint(storage, new CheckpointLayout(storage.qualify(location)));
    }
}
