package io.tidemark.runtime.batch;

import io.tidemark.api.connector.Sink;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.LoggedFailure;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.checkpoint.Checkpoint;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What may be done off the path of a batch: purging logs, table checkpoints, removing leftovers of dead attempts. One
 * thread; while a round runs the next is skipped, and a failing round is logged and done again by a later one. An error of
 * the JVM is no failure of a round: it ends the query, as if the batch had met it. On request
 * rounds run on the caller's thread instead, so that equal runs do equal things in an equal order.
 */
final class Housekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final long CLOSE_SECONDS = 5;

    private final Checkpoint checkpoint;
    private final Sink sink;
    private final int minBatchesToRetain;
    private final boolean inBackground;
    private final ExecutorService thread;
    private final Runnable stillOwner;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile @Nullable QueryState state;
    private volatile @Nullable Error broken;
    private boolean tidied; // of what earlier runs left; by rounds alone, which follow one another

    /**
     * @param inBackground whether a round runs beside the next batch
     * @param stillOwner throws {@code WRITER_FENCED} if a later run owns the checkpoint
     */
    Housekeeping(
            String name,
            Checkpoint checkpoint,
            Sink sink,
            int minBatchesToRetain,
            boolean inBackground,
            Runnable stillOwner) {
        this.inBackground = inBackground;
        this.stillOwner = stillOwner;
        this.checkpoint = checkpoint;
        this.sink = sink;
        this.minBatchesToRetain = minBatchesToRetain;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread t = new Thread(task, name + "-housekeeping");
            t.setDaemon(true);
            return t;
        });
    }

    /**
     * Removes what dead attempts at batches up to {@code committed} staged; on this thread.
     *
     * @param stillOwner see {@link Sink#removeLeftovers}
     * @throws TidemarkException {@code WRITER_FENCED} if a later run owns the checkpoint; any other failure is logged
     */
    void removeLeftovers(long committed, Runnable stillOwner) {
        try {
            sink.removeLeftovers(committed, stillOwner);
        } catch (RuntimeException e) {
            if (e instanceof TidemarkException typed && typed.code() == ErrorCode.WRITER_FENCED) {
                throw e;
            }
            LOG.warn("Failed at removing leftovers; a later start will try again.", LoggedFailure.of(e));
        }
    }

    /** From now on looks after state too. */
    void keepUp(QueryState opened) {
        state = opened;
    }

    /**
     * A batch was committed.
     *
     * @throws Error that a round in the background met
     */
    void afterBatch(long batchId) {
        Error met = broken;
        if (met != null) {
            throw met;
        }
        if (!inBackground) {
            round(batchId);
        } else if (busy.compareAndSet(false, true)) {
            thread.execute(() -> {
                try {
                    round(batchId);
                } catch (Error e) {
                    broken = e;
                    LOG.error("Work in the background met an error of the JVM; the query ends with its next batch.", e);
                } finally {
                    busy.set(false);
                }
            });
        }
    }

    private void round(long batchId) {
        QueryState kept = state;
        if (kept != null && kept.isThere()) {
            attempt("removing staged state", () -> checkpoint.sidecar().removeStagedThrough(batchId, stillOwner));
            attempt("maintaining state", () -> kept.maintain(batchId));
        }
        attempt("purging the logs", () -> checkpoint.purge(batchId, minBatchesToRetain));
        attempt("maintaining the sink", sink::maintain);
        if (!tidied) { // once a run
            attempt("removing leftovers of earlier runs", () -> {
                sink.removeLeftovers(batchId, stillOwner);
                tidied = true;
            });
        }
    }

    private interface Chore {
        void run() throws Exception;
    }

    private static void attempt(String what, Chore chore) {
        try {
            chore.run();
        } catch (Exception e) {
            LOG.warn("Failed at {}; a later round will try again.", what, LoggedFailure.of(e));
        }
    }

    /** Returns whether nothing runs any more, which {@link #close} may not have lived to see. */
    boolean isOver() {
        return thread.isTerminated();
    }

    /** Lets a running round end, for a short while. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
