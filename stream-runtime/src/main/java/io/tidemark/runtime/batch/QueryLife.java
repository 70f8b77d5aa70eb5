package io.tidemark.runtime.batch;

import io.tidemark.api.TimeSource;
import io.tidemark.api.streaming.StreamingQueryStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether a query runs, what it says it does, and how a stop reaches its thread. A stop wakes the thread at once where
 * nothing would be left half done (waiting, asking a source); elsewhere the thread is left to finish its batch.
 */
final class QueryLife {
    private final TimeSource time;
    private final Object lock = new Object();
    private @Nullable Thread interruptible;
    private boolean stopping;
    private volatile StreamingQueryStatus status =
            new StreamingQueryStatus("Initializing StreamExecution", false, false);

    QueryLife(TimeSource time) {
        this.time = time;
    }

    boolean isStopping() {
        synchronized (lock) {
            return stopping;
        }
    }

    /** Asks the query to end and wakes it if it waits. */
    void requestStop() {
        synchronized (lock) {
            stopping = true;
            if (interruptible != null) {
                interruptible.interrupt();
            }
        }
    }

    /** Runs {@code body} so that a stop interrupts it. */
    <T> T interruptibly(ProgressReporter.Phase<T> body) throws InterruptedException {
        synchronized (lock) {
            if (stopping) {
                throw new InterruptedException("the query is being stopped");
            }
            interruptible = Thread.currentThread();
        }
        T result;
        try {
            result = body.run();
        } finally {
            synchronized (lock) {
                interruptible = null;
            }
        }
        if (isStopping()) { // the wake-up may have come too late for the body; what follows must not be interrupted
            Thread.interrupted();
            throw new InterruptedException("the query is being stopped");
        }
        return result;
    }

    /** Waits; a stop ends it early by an interruption. */
    void pause(Duration duration) throws InterruptedException {
        interruptibly(() -> {
            time.sleep(duration);
            return true;
        });
    }

    StreamingQueryStatus status() {
        return status;
    }

    void say(String message) {
        status = new StreamingQueryStatus(message, status.isDataAvailable(), status.isTriggerActive());
    }

    void say(String message, boolean dataAvailable, boolean triggerActive) {
        status = new StreamingQueryStatus(message, dataAvailable, triggerActive);
    }
}
