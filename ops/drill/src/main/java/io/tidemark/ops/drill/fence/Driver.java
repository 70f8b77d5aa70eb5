package io.tidemark.ops.drill.fence;

import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.StreamingQuery;
import io.tidemark.api.streaming.StreamingQueryException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A driver on a thread of its own, which reads the clicks as they come, step by step, until it is held up or all is read. */
final class Driver {
    private final World world;
    private final Gate gate;
    private final Thread thread;
    private final CountDownLatch startedOrFailed = new CountDownLatch(1);
    private volatile @Nullable StreamingQuery query;
    private volatile @Nullable Throwable failure;

    Driver(World world, Gate gate) {
        this.world = world;
        this.gate = gate;
        this.thread = new Thread(this::run, "first-driver");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            StreamingQuery started = world.start(gate, false);
            query = started;
            startedOrFailed.countDown();
            for (int step = 0; step < world.shape().steps() && !gate.isReached(); step++) {
                world.feed();
                started.processAllAvailable();
            }
            if (gate.isReached()) {
                started.awaitTermination();
            } else {
                started.stop();
            }
        } catch (RuntimeException e) {
            failure = e;
        } catch (InterruptedException e) {
            failure = e;
        } finally {
            startedOrFailed.countDown();
        }
    }

    /** Waits until it is held up, or has ended. Returns whether it is held up. */
    boolean awaitHeldUp(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!gate.awaitReached(Duration.ofMillis(2)) && thread.isAlive() && System.nanoTime() < deadline) {
            continue;
        }
        return gate.isReached();
    }

    /** Returns the query, once it is started; empty if that fails, or does not come. */
    Optional<StreamingQuery> awaitQuery(Duration patience) throws InterruptedException {
        boolean over = startedOrFailed.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        return over ? Optional.ofNullable(query) : Optional.empty();
    }

    /** Waits for its end; false if it does not come. */
    boolean awaitEnd(Duration patience) throws InterruptedException {
        thread.join(patience.toMillis());
        return !thread.isAlive();
    }

    /** Stops it, however it stands. */
    void abandon() throws InterruptedException {
        gate.open();
        StreamingQuery started = query;
        if (started != null) {
            started.stop();
        }
        thread.interrupt();
        thread.join(Duration.ofSeconds(5).toMillis());
    }

    /** Returns what it ended with; empty if it ended by itself or not yet. */
    Optional<Throwable> failure() {
        Throwable thrown = failure;
        return Optional.ofNullable(
                thrown instanceof StreamingQueryException && thrown.getCause() instanceof TidemarkException
                        ? thrown.getCause()
                        : thrown);
    }
}
