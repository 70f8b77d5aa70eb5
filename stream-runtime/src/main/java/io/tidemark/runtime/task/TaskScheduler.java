package io.tidemark.runtime.task;

import io.tidemark.api.TimeSource;
import io.tidemark.api.error.TidemarkException;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the tasks of a stage on a fixed number of threads and gives their results in the order of the tasks, whatever the
 * order in which they ended. A task that fails is run again alone, unless its error says that the same rows fail again; one
 * that is much slower than the others may be begun a second time.
 */
public final class TaskScheduler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TaskScheduler.class);
    private static final long IDLE_SECONDS = 30;
    private static final long CLOSE_SECONDS = 10;

    private final ThreadPoolExecutor pool;
    private final int maxFailures;
    private final Speculation speculation;
    private final TimeSource time;

    /**
     * @param threads how many tasks run at once
     * @param maxFailures how often one task may fail before the stage does ({@code spark.task.maxFailures})
     */
    public TaskScheduler(String name, int threads, int maxFailures, Speculation speculation, TimeSource time) {
        if (threads < 1 || maxFailures < 1) {
            throw new IllegalArgumentException(
                    "threads and maxFailures must be positive: " + threads + ", " + maxFailures);
        }
        this.maxFailures = maxFailures;
        this.speculation = speculation;
        this.time = time;
        AtomicInteger number = new AtomicInteger();
        pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name + "-task-" + number.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs all tasks. An attempt that was overtaken is interrupted and not waited for: it may still be on its way out on
     * return, but can no longer claim its task.
     *
     * @param tally counts failures and second attempts
     * @return their results, in the order of {@code tasks}
     * @throws InterruptedException if the caller was interrupted; no task runs any more then
     * @throws TidemarkException what ended the stage, naming the task; no task runs any more then
     */
    public <T> List<T> run(List<? extends Task<T>> tasks, Tally tally) throws InterruptedException {
        tally.begun(tasks.size());
        return new TaskRound<T>(pool, tasks, maxFailures, speculation, time, tally).run();
    }

    int maxFailures() {
        return maxFailures;
    }

    /** Ends all threads; waits a while for attempts that were overtaken and are still on their way out. */
    @Override
    public void close() {
        pool.shutdownNow();
        try {
            if (!pool.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("A task that was given up does not end; its thread is left alone.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
