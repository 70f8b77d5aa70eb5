package io.tidemark.runtime.task;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.error.Remedy;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.StorageFullException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the tasks of a stage on a fixed number of threads and gives their results in the order of the tasks, whatever the
 * order in which they ended. A task that fails is run again alone, unless its error says that the same rows fail again.
 */
public final class TaskScheduler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TaskScheduler.class);
    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor pool;
    private final int maxFailures;

    /**
     * @param threads how many tasks run at once
     * @param maxFailures how often one task may fail before the stage does ({@code spark.task.maxFailures})
     */
    public TaskScheduler(String name, int threads, int maxFailures) {
        if (threads < 1 || maxFailures < 1) {
            throw new IllegalArgumentException(
                    "threads and maxFailures must be positive: " + threads + ", " + maxFailures);
        }
        this.maxFailures = maxFailures;
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
     * Runs all tasks.
     *
     * @return their results, in the order of {@code tasks}
     * @throws InterruptedException if the caller was interrupted; no task runs any more then
     * @throws TidemarkException what ended the stage, naming the task
     */
    public <T> List<T> run(List<? extends Task<T>> tasks) throws InterruptedException {
        LiveTasks live = new LiveTasks();
        CompletionService<Done<T>> completion = new ExecutorCompletionService<>(pool);
        List<Future<Done<T>>> futures = new ArrayList<>(tasks.size());
        List<@Nullable Done<T>> results = new ArrayList<>(tasks.size());
        try {
            for (int i = 0; i < tasks.size(); i++) {
                int index = i;
                results.add(null);
                futures.add(completion.submit(() -> new Done<>(index, live.enter(() -> attempts(tasks.get(index))))));
            }
            for (int i = 0; i < tasks.size(); i++) {
                Done<T> done = completion.take().get();
                results.set(done.index, done);
            }
        } catch (ExecutionException e) {
            giveUp(futures, live);
            throw asTidemark(e.getCause());
        } catch (InterruptedException e) {
            giveUp(futures, live);
            throw e;
        }
        List<T> values = new ArrayList<>(tasks.size());
        for (Done<T> done : results) {
            values.add(java.util.Objects.requireNonNull(done).value);
        }
        return values;
    }

    private record Done<T>(int index, T value) {}

    private <T> T attempts(Task<T> task) throws Exception {
        for (int attempt = 0; ; attempt++) {
            try {
                return task.run(attempt);
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                if (Thread.currentThread().isInterrupted() || attempt + 1 >= maxFailures || !mayHeal(e)) {
                    throw new TaskFailure(task.describe(), attempt + 1, e);
                }
                LOG.warn(
                        "Task {} failed, attempt {} of {}; it is run again alone.",
                        task.describe(),
                        attempt + 1,
                        maxFailures,
                        e);
            }
        }
    }

    private static boolean mayHeal(Exception e) {
        return e instanceof TidemarkException known
                ? known.code().remedy() == Remedy.RETRY_FROM_CHECKPOINT
                : !(e instanceof StorageFullException); // the next attempt would need even more
    }

    /** Cancels what runs and waits until nothing does: a stage that ended leaves no task behind. */
    private static <T> void giveUp(List<Future<Done<T>>> futures, LiveTasks live) {
        futures.forEach(f -> f.cancel(true));
        live.closeAndAwait();
    }

    /** Counts the tasks that are inside {@link Task#run}. */
    private static final class LiveTasks {
        private int count;
        private boolean closed;

        <T> T enter(Callable<T> body) throws Exception {
            synchronized (this) {
                if (closed) {
                    throw new InterruptedException("the stage was given up");
                }
                count++;
            }
            try {
                return body.call();
            } finally {
                synchronized (this) {
                    count--;
                    notifyAll();
                }
            }
        }

        synchronized void closeAndAwait() {
            closed = true;
            boolean interrupted = false;
            while (count > 0) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static TidemarkException asTidemark(@Nullable Throwable failure) {
        if (failure instanceof TaskFailure task) {
            if (task.getCause() instanceof EvaluationException row) {
                return row.at(String.valueOf(task.getMessage()));
            } else if (task.getCause() instanceof StorageFullException full) {
                return new TidemarkException(
                        ErrorCode.STORAGE_FULL,
                        "No space is left (" + full.getMessage() + ") for what " + task.getMessage()
                                + " writes. Free some and start again; nothing of the batch was committed.",
                        full);
            } else if (task.getCause() instanceof TidemarkException known) {
                return known;
            }
            return new TidemarkException(
                    ErrorCode.TASK_FAILED,
                    "Task " + task.getMessage() + " failed " + task.attempts + " times, last with " + task.getCause()
                            + ". Mend that and start again; nothing of the batch was committed.",
                    task.getCause());
        }
        if (failure instanceof Error error) {
            throw error;
        }
        return new TidemarkException(ErrorCode.TASK_FAILED, "A task ended with " + failure + ".", failure);
    }

    private static final class TaskFailure extends Exception {
        private final int attempts;

        TaskFailure(String task, int attempts, Exception cause) {
            super(task, cause);
            this.attempts = attempts;
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
