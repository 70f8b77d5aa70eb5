package io.tidemark.state;

import java.util.List;

/**
 * All stores of one query: opens versions, keeps what is worth keeping between batches, and does the work that is not on
 * a batch's path. Safe for use by many threads; one use of one store at a time, see {@link #open}.
 */
public interface StateStores extends AutoCloseable {
    /**
     * Opens {@code version} of a store to make the next. If an earlier use of the same store has not ended (a slower
     * attempt of the same task), this opens an independent copy; of two copies only one may be committed under final
     * names. A version may be opened again after its successor was staged (the task's rows were lost and are computed
     * once more); such a use ends by {@link StateStore#abort}, and the successor staged before stays as it is.
     *
     * @param attempt what the staged files are called by: their directory below {@code _tidemark/staged}, or what their
     *     names there begin with, {@code <batch>/<run>-<stage>-<task>-<attempt>}; different for every attempt of every task
     * @throws io.tidemark.api.error.TidemarkException {@code STATE_FILE_CORRUPT} or {@code STATE_FILE_MISSING}, naming the
     *     file, if the version cannot be had
     */
    StateStore open(StateStoreSpec spec, StateStoreId id, StateVersion version, String attempt);

    /**
     * Hears that the staged files of a new version have their final names and the batch is committed: what is kept of
     * the store may be kept as this version.
     */
    void committed(List<StagedState> states);

    /**
     * Hears that a batch is not to be: every kept store that has moved past {@code version} is dropped.
     */
    void rolledBack(long version);

    /**
     * Uploads due snapshots and removes versions that nobody needs. Called in the background after a commit.
     *
     * @param committedVersion newest version whose batch is committed; snapshots above it are not uploaded
     * @param minBatchesToRetain how many committed versions must stay loadable
     * @param stillOwner throws {@code WRITER_FENCED} if a later run owns the checkpoint; asked between listing what is to
     *     be removed and removing it
     */
    void maintain(long committedVersion, int minBatchesToRetain, Runnable stillOwner);

    @Override
    void close();
}
