package io.tidemark.api.connector;

import io.tidemark.api.vector.ColumnBatch;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One sink of a running query. It stages, then commits: {@link #openTask} writers make their files durable, {@link
 * #stage} sums their results up in one token, {@link #commit} makes the batch visible, once, however often it is called.
 * The loop calls everything but the task writers on one thread.
 */
public interface Sink extends AutoCloseable {
    /** Returns the text that progress shows. */
    String description();

    /**
     * Returns the newest batch of this query that the sink holds. Empty if it holds none, or keeps no ledger ({@link
     * #keepsLedger}). Reads the sink's present state, not a memory of it.
     */
    Optional<LedgerEntry> ledger();

    /** Returns whether the sink remembers by itself which batches it has; if not, delivery is at least once. */
    boolean keepsLedger();

    /** Opens the writer of one task's rows. {@code attempt} tells a retry apart from what it replaces. */
    TaskWriter openTask(BatchAttempt batch, int task, int attempt);

    /**
     * Sums up what the tasks staged, in the order of the tasks, as one line of text that {@link #commit} understands in
     * any later process. Everything it names is durable on return.
     */
    String stage(BatchAttempt batch, List<String> taskResults);

    /**
     * Returns whether everything that {@code token} names is still there, whole, so that the batch can be committed
     * without its source.
     */
    boolean isIntact(String token);

    /**
     * Makes the staged batch visible, exactly once: a batch that the sink holds already is left alone. Retries what can
     * be retried and reads back what is unknown.
     *
     * @throws io.tidemark.api.error.TidemarkException {@code COMMIT_UNKNOWN} if nobody can say whether it took effect,
     *     {@code WRITER_FENCED} if a later epoch has committed, {@code SINK_CONFLICT} if others kept it from committing
     */
    void commit(CommitRequest request);

    /**
     * Removes what attempts of this query staged and no owner of the checkpoint, however late or early, can need: of
     * batches up to {@code committed}, what the sink's own state does not name; of later ones nothing but files that are
     * not finished. Whose attempt at a later batch it is does not count: while the batch is not committed, an owner that
     * was fenced off may still get it prepared, and then the next one finishes it. Never anything of others.
     *
     * <p>Lists what it would delete first, then calls {@code stillOwner}, and then deletes only what it had listed. What
     * was listed before a check that passes is older than the claim of any later owner. A check before the listing is not
     * enough: a later owner may claim and stage in between, and its files would be listed with the rest.
     *
     * <p>Called once in every run, and again where a batch of an earlier run had to be finished; perhaps on a background
     * thread and beside batches of this run, whose files stay too.
     *
     * @param committed the newest batch that {@code commits} has; -1 if there is none
     * @param stillOwner throws {@code WRITER_FENCED} if a later epoch was claimed; nothing is deleted then, and the
     *     exception is passed on
     */
    default void removeLeftovers(long committed, Runnable stillOwner) {}

    /**
     * Removes what an attempt of this run staged: it failed before it was prepared, and never will be. Does what it can
     * and does not fail.
     */
    default void abandon(BatchAttempt attempt) {}

    /** Does what may be done after a commit and off its path (table checkpoints). Called on a background thread. */
    default void maintain() throws IOException {}

    /** Returns how many rows the last batch wrote, or -1 where the sink does not count. */
    long rowsWritten();

    /** Returns the sink's own metrics; may be empty. */
    SortedMap<String, String> metrics();

    /** Identity of the table the batches go to, for the sidecar; empty if the sink has none. */
    Optional<String> tableId();

    /**
     * Where the batches go, as {@link SinkLedgers#openLedger} takes it: for the sidecar, so that tools find the table of a
     * query that is stopped. Empty if the sink's provider has no {@link SinkLedgers}.
     */
    default Optional<String> location() {
        return Optional.empty();
    }

    @Override
    void close();

    /** Writes one task's rows. Used by one thread. */
    interface TaskWriter extends AutoCloseable {
        void write(ColumnBatch batch) throws IOException;

        /** Makes what was written durable and returns a description of it for {@link Sink#stage}. Called once. */
        String finish() throws IOException;

        /** Drops what was written, unless it was finished. */
        @Override
        void close();
    }

    /**
     * One attempt at one batch.
     *
     * @param attemptUuid tells attempts apart across restarts; data file names carry it
     */
    record BatchAttempt(long batchId, long epoch, String attemptUuid) {}

    /**
     * A batch to commit.
     *
     * @param preparedHash of the prepared file this commit carries out; found again in the ledger
     * @param offsetRanges a line of JSON for people: what the batch read
     */
    record CommitRequest(
            long batchId, String token, long epoch, String attemptUuid, String preparedHash, String offsetRanges) {}

    /**
     * The newest batch of this query in the sink.
     *
     * @param tableId identity of the table that holds it
     * @param epoch of the writer that committed it, or -1 if that is not recorded (another engine wrote it)
     * @param preparedHash as in {@link CommitRequest}, or empty if that is not recorded
     */
    record LedgerEntry(long batchId, String tableId, long epoch, String preparedHash) {}
}
