package io.tidemark.checkpoint;

import io.tidemark.checkpoint.format.BatchCommit;
import io.tidemark.checkpoint.format.FileDigest;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Which batches are final. Bytes are Spark's ({@code commits/N}): version 1, or version 2 for a commit with state ids.
 *
 * <p>An entry is stored after the sink holds the batch. Threads, durability and errors as in {@link OffsetLog}.
 */
public interface CommitLog {
    /**
     * Makes {@code commit} durable.
     *
     * @throws io.tidemark.api.error.TidemarkException {@code BATCH_CONFLICT} if a commit is stored under this id; {@code
     *     COMMIT_UNKNOWN} if storage cannot say whether it was stored; {@code STORAGE_FULL} if there is no space
     */
    void append(BatchCommit commit);

    /** Returns the newest commit, or empty if no batch was ever committed. */
    Optional<BatchCommit> latest();

    /** Returns the commit of a batch, or empty if it is not committed or is purged. */
    Optional<BatchCommit> get(long batchId);

    /**
     * Returns length and checksum of {@code commits/N} as stored.
     *
     * @throws IllegalArgumentException if there is no such entry
     */
    FileDigest digest(long batchId);

    /** Returns the ids that are stored, ascending; may have holes, which {@link Checkpoint#position} judges. */
    SortedSet<Long> batchIds();

    /** Deletes commits with an id below {@code firstKept}, but never the newest one. Safe to repeat after a crash. */
    void purgeBefore(long firstKept);
}
