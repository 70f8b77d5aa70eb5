package io.tidemark.api.streaming;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A running (or ended) query. Safe for use by many threads. */
public interface StreamingQuery {
    /** Returns the identity that the checkpoint holds: the same for each start. */
    UUID id();

    /** Returns the identity of this start. */
    UUID runId();

    @Nullable
    String name();

    boolean isActive();

    /** Returns why the query ended, or empty if it runs or was stopped. */
    Optional<StreamingQueryException> exception();

    StreamingQueryStatus status();

    /** Returns the newest progress, or null before the first. */
    @Nullable
    StreamingQueryProgress lastProgress();

    /** Returns the retained progress, oldest first. */
    List<StreamingQueryProgress> recentProgress();

    /**
     * Waits until the query ends.
     *
     * @throws StreamingQueryException if it failed
     */
    void awaitTermination() throws InterruptedException;

    /** As {@link #awaitTermination()}, for at most {@code timeoutMillis}; returns whether the query has ended. */
    boolean awaitTermination(long timeoutMillis) throws InterruptedException;

    /** Waits until everything that the sources held at the call has been committed. */
    void processAllAvailable() throws InterruptedException;

    /**
     * Ends the query: the batch in flight is finished or abandoned within the stop timeout ({@code
     * spark.sql.streaming.stopTimeout}, 30 s); either way the next start goes on exactly there.
     */
    void stop();

    void explain();

    void explain(boolean extended);

    /** Returns what {@link #explain} prints. */
    String explainText(boolean extended);
}
