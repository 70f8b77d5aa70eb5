package io.tidemark.api.connector;

import java.util.List;
import java.util.Optional;

/**
 * What a table knows of one query, and the way back. Reads the table's present state with each call, not a memory of it.
 * One thread. Methods throw {@link io.tidemark.api.error.TidemarkException}: {@code STORAGE_FAILED}, {@code
 * SINK_TABLE_CORRUPT} and what they name.
 */
public interface SinkLedger extends AutoCloseable {
    /** Returns the text by which messages name the table. */
    String description();

    /** Returns the newest batch of the query that the table's ledger names; empty if there is none, or no table. */
    Optional<Sink.LedgerEntry> newest();

    /** Returns who committed a batch, empty if the table does not hold it, or does not know any more. */
    Optional<Sink.LedgerEntry> entry(long batchId);

    /** Returns how others have set the table back to before the query's newest batch, without telling its ledger. */
    Optional<SetBack> setBack();

    /**
     * Says what {@link #rewind} would do, and writes nothing.
     *
     * @throws io.tidemark.api.error.TidemarkException {@code SINK_REWIND_REFUSED} if files are gone that would have to come
     *     back, if somebody else has changed rows since, or if the table does not know any more what it held after the batch
     */
    RewindPlan planRewind(long batchId);

    /**
     * Sets the table back, in one commit, to what it held right after {@code batchId}, and its ledger with it. Done
     * already: does nothing. Fences the writers of epochs below {@code epoch}.
     *
     * @param epoch of the checkpoint's owner, who does this
     * @param attemptUuid tells this rewind apart from every other
     * @throws io.tidemark.api.error.TidemarkException as {@link #planRewind}; {@code COMMIT_UNKNOWN} if nobody can say
     *     whether it took effect: it may be tried again
     */
    RewindPlan rewind(long batchId, long epoch, String attemptUuid);

    /**
     * Returns from when on, in milliseconds since the epoch, others who clean the table up may delete what a batch has
     * staged; empty if it staged nothing.
     *
     * @param token that {@link Sink#stage} returned
     */
    Optional<Long> keptUntilMillis(String token);

    @Override
    void close();

    /**
     * The table was set back by somebody who did not tell its ledger.
     *
     * @param what what happened, for people
     * @param newestWhole the newest batch that the table holds since then; -1 if it holds none or does not know
     */
    record SetBack(String what, long newestWhole) {}

    /**
     * What a rewind does to a table.
     *
     * @param fromBatch the newest batch in the ledger before
     * @param toBatch the newest batch in the ledger after
     * @param fromVersion the table's newest version before
     * @param toVersion the version whose content comes back
     * @param removed files that leave the table, relative to it or absolute
     * @param returned files that come back
     * @param rowsRemoved rows in the files that leave, -1 if the table does not count
     * @param rowsReturned rows in the files that come back, -1 if the table does not count
     * @param needed whether anything has to be done
     */
    record RewindPlan(
            long fromBatch,
            long toBatch,
            long fromVersion,
            long toVersion,
            List<String> removed,
            List<String> returned,
            long rowsRemoved,
            long rowsReturned,
            boolean needed) {
        public RewindPlan {
            removed = List.copyOf(removed);
            returned = List.copyOf(returned);
        }
    }
}
