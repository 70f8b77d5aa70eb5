package io.tidemark.ops.cli;

import io.tidemark.api.streaming.StreamingQueryListener;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Knows when the last event of some queries has been heard; events come on a thread of the engine's own. */
final class Listeners extends StreamingQueryListener {
    private static final int DRAIN_SECONDS = 2;

    private final Semaphore terminated = new Semaphore(0);

    @Override
    public void onQueryStarted(QueryStartedEvent event) {}

    @Override
    public void onQueryProgress(QueryProgressEvent event) {}

    @Override
    public void onQueryTerminated(QueryTerminatedEvent event) {
        terminated.release();
    }

    /** Waits until {@code queries} queries were reported as terminated, for a moment at most. */
    void drain(int queries) throws InterruptedException {
        terminated.tryAcquire(queries, DRAIN_SECONDS, TimeUnit.SECONDS);
    }
}
