package io.tidemark.ops.cli;

import io.tidemark.api.error.LoggedFailure;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.StreamingQuery;
import io.tidemark.api.streaming.StreamingQueryException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for running queries: until all ended by themselves, one failed, or a signal came. In the last two cases the
 * others are stopped, for at most {@link #STOP_LIMIT}; what has not stopped by then is named, and abandoned as in a crash.
 */
final class QuerySupervisor {
    static final Duration STOP_LIMIT = ProcessEnd.LIMIT.minusSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(QuerySupervisor.class);

    private final PrintStream err;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    /** What ended the wait. */
    sealed interface Event {
        /** A query ended by itself or after a stop. */
        record Ended() implements Event {}

        record Failed(Throwable failure) implements Event {}

        record Signalled(int exitCode) implements Event {}
    }

    /** @param err is told which query does not stop */
    QuerySupervisor(PrintStream err) {
        this.err = err;
    }

    /** Makes {@link #await} return; may be called on any thread. */
    void signal(int exitCode) {
        events.add(new Event.Signalled(exitCode));
    }

    /** Runs {@code body} on a thread of its own; if it throws, that counts as a failed query. */
    void alongside(String name, Runnable body) {
        daemon(name, () -> {
            try {
                body.run();
            } catch (Throwable e) {
                events.add(new Event.Failed(e));
            }
        });
    }

    /**
     * Returns the exit code of a signal, or 0 if all queries ended well.
     *
     * @throws Exception what ended the first query that failed
     */
    int await(List<StreamingQuery> queries) throws Exception {
        for (StreamingQuery query : queries) {
            daemon("wait-" + query.name(), () -> events.add(end(query)));
        }
        for (int running = queries.size(); running > 0; running--) {
            Event event = events.take();
            if (event instanceof Event.Signalled signal) {
                stopAll(queries);
                return signal.exitCode();
            }
            if (event instanceof Event.Failed failed) {
                if (!Failure.isOutOfMemory(failed.failure())) { // then the others cannot be relied on either
                    stopAll(queries);
                }
                throw failed.failure() instanceof Exception e ? e : new IllegalStateException(failed.failure());
            }
        }
        return 0;
    }

    private static Event end(StreamingQuery query) {
        try {
            query.awaitTermination();
            return new Event.Ended();
        } catch (StreamingQueryException e) {
            return new Event.Failed(
                    e.getCause() instanceof TidemarkException cause
                            ? new TidemarkException(
                                    cause.code(), "query '" + query.name() + "': " + cause.getMessage(), e)
                            : e);
        } catch (Throwable e) {
            return new Event.Failed(e);
        }
    }

    /** Stops those that run, all at once. */
    void stopAll(List<StreamingQuery> queries) throws InterruptedException {
        List<StreamingQuery> left = new ArrayList<>(queries);
        left.removeIf(query -> !query.isActive());
        CountDownLatch stopping = new CountDownLatch(left.size());
        for (StreamingQuery query : left) {
            daemon("stop-" + query.name(), () -> {
                try {
                    query.stop();
                } catch (RuntimeException e) {
                    LOG.debug("Query {} does not stop", query.name(), LoggedFailure.of(e));
                } finally {
                    stopping.countDown();
                }
            });
        }
        stopping.await(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        for (StreamingQuery query : left) {
            if (query.isActive()) {
                err.println(
                        "tidemark: query '" + query.name() + "' does not stop: something that it called hangs. It is"
                                + " abandoned as in a crash; the next start goes on from its checkpoint.");
            }
        }
    }

    private static void daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }
}
