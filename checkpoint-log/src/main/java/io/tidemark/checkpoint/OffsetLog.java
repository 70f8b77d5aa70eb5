package io.tidemark.checkpoint;

import io.tidemark.checkpoint.format.BatchPlan;
import io.tidemark.checkpoint.format.FileDigest;
import java.util.Optional;
import java.util.SortedSet;

/**
 * The plan of record: which rows of every source each micro-batch covers. Bytes are Spark's ({@code offsets/N}).
 *
 * <p>An entry is stored before its batch reads a row, so a batch that dies half way runs again over exactly the same
 * rows. Batch ids are dense and start at 0; an entry never changes. One writer, fenced by epoch; readers and {@link
 * #purgeBefore} on any thread. The directory is listed once, when the log is opened.
 *
 * <p>Every method throws {@link io.tidemark.api.error.TidemarkException}: {@code CHECKPOINT_FILE_CORRUPT} or {@code
 * CHECKPOINT_VERSION_UNSUPPORTED} for a file it cannot read, {@code STORAGE_FAILED} if storage fails.
 */
public interface OffsetLog {
    /**
     * Makes {@code plan} durable: once this returns it survives the loss of the process and of the host.
     *
     * @param plan the next batch: id 0 in an empty log, otherwise the latest id plus one
     * @throws io.tidemark.api.error.TidemarkException {@code BATCH_CONFLICT} if a plan is stored under this id, even an
     *     equal one: that is no proof it is ours; {@code COMMIT_UNKNOWN} if storage cannot say whether it was stored;
     *     {@code STORAGE_FULL} if there is no space, with nothing stored
     */
    void append(BatchPlan plan);

    /** Returns the newest plan, or empty if no batch was ever planned. */
    Optional<BatchPlan> latest();

    /** Returns the plan of a batch, or empty if it was never planned or is purged. */
    Optional<BatchPlan> get(long batchId);

    /**
     * Returns length and checksum of {@code offsets/N} as stored.
     *
     * @throws IllegalArgumentException if there is no such entry
     */
    FileDigest digest(long batchId);

    /** Returns the ids that are stored, ascending; may have holes, which {@link Checkpoint#position} judges. */
    SortedSet<Long> batchIds();

    /** Deletes plans with an id below {@code firstKept}, but never the newest one. Safe to repeat after a crash. */
    void purgeBefore(long firstKept);
}
