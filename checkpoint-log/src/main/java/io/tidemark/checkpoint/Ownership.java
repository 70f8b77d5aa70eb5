package io.tidemark.checkpoint;

/**
 * The right to write a checkpoint. Claimed first at a start; every read of recovery comes after it.
 *
 * <p>On storage with locks the lock decides, elsewhere the highest epoch does. Safe for use by many threads.
 */
public interface Ownership extends AutoCloseable {
    /** Returns this owner's epoch, from 1. */
    long epoch();

    /** Returns what tells this start of the query apart from every other. */
    String attemptUuid();

    /**
     * Reads the epochs again, before each durable publish.
     *
     * @throws io.tidemark.api.error.TidemarkException {@code WRITER_FENCED} if a later epoch was claimed; final: this run
     *     must stop and not restart itself
     */
    void verify();

    /** Releases the lock. The epoch stays: it is history. */
    @Override
    void close();
}
