package io.tidemark.runtime.task;

import io.tidemark.api.TimeSource;
import io.tidemark.api.error.LoggedFailure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stage on its way. Threads of the pool make attempts and report how each task's runner ended; the calling thread alone
 * decides from these reports which task is done, which is begun a second time, and when the stage is over.
 */
final class TaskRound<T> {
    private static final Logger LOG = LoggerFactory.getLogger(TaskScheduler.class);
    private static final long NOT_BEGUN = Long.MIN_VALUE;

    private final ExecutorService pool;
    private final List<? extends Task<T>> tasks;
    private final int maxFailures;
    private final Speculation speculation;
    private final TimeSource time;
    private final Tally tally;
    private final LiveTasks live = new LiveTasks();
    private final LinkedBlockingQueue<Report<T>> reports = new LinkedBlockingQueue<>();
    private final List<Slot> slots = new ArrayList<>();

    TaskRound(
            ExecutorService pool,
            List<? extends Task<T>> tasks,
            int maxFailures,
            Speculation speculation,
            TimeSource time,
            Tally tally) {
        this.pool = pool;
        this.tasks = tasks;
        this.maxFailures = maxFailures;
        this.speculation = speculation;
        this.time = time;
        this.tally = tally;
        tasks.forEach(task -> slots.add(new Slot()));
    }

    /** A task and what is known of its attempts. */
    private static final class Slot {
        final TaskAttempt.Series series = new TaskAttempt.Series();
        final AtomicInteger failures = new AtomicInteger();
        final AtomicLong begunNanos = new AtomicLong(NOT_BEGUN);
        final List<Future<?>> runners = new ArrayList<>(); // the calling thread's
        volatile boolean done;
    }

    /** How a runner ended: with a value, or with what ends the stage. */
    private record Report<T>(int task, @Nullable T value, @Nullable TaskFailure failure, long nanos) {}

    List<T> run() throws InterruptedException {
        try {
            for (int i = 0; i < tasks.size(); i++) {
                begin(i);
            }
            return collect();
        } finally {
            live.close();
        }
    }

    private List<T> collect() throws InterruptedException {
        List<@Nullable T> values = new ArrayList<>();
        tasks.forEach(task -> values.add(null));
        long[] durations = new long[tasks.size()];
        int done = 0;
        while (done < tasks.size()) {
            Report<T> report;
            try {
                report = speculation.enabled()
                        ? reports.poll(Math.max(1, speculation.interval().toMillis()), TimeUnit.MILLISECONDS)
                        : reports.take();
            } catch (InterruptedException e) {
                giveUp();
                throw e;
            }
            if (report != null) {
                Slot slot = slots.get(report.task);
                if (slot.done) {
                    continue;
                }
                if (report.failure != null) {
                    giveUp();
                    throw report.failure.asTidemark();
                }
                slot.done = true;
                values.set(report.task, report.value);
                durations[done++] = report.nanos;
                slot.runners.forEach(runner -> runner.cancel(true));
            }
            if (speculation.enabled()) {
                speculate(Arrays.copyOf(durations, done));
            }
        }
        List<T> results = new ArrayList<>(tasks.size());
        for (T value : values) {
            results.add(Objects.requireNonNull(value));
        }
        return results;
    }

    private void speculate(long[] durations) {
        long threshold = speculation.thresholdNanos(tasks.size(), durations);
        if (threshold == Long.MAX_VALUE) {
            return;
        }
        long now = time.nanoTime();
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            long begun = slot.begunNanos.get();
            if (!slot.done && slot.runners.size() == 1 && begun != NOT_BEGUN && now - begun > threshold) {
                LOG.info(
                        "Task {} is slower than its siblings and is begun a second time.",
                        tasks.get(i).describe());
                tally.speculated();
                begin(i);
            }
        }
    }

    private void begin(int index) {
        slots.get(index).runners.add(pool.submit(() -> {
            if (live.enter()) {
                try {
                    attempts(index);
                } finally {
                    live.leave();
                }
            }
        }));
    }

    /** Makes attempts at a task until one succeeds, nothing more is wanted of it, or it has failed too often. */
    private void attempts(int index) {
        Task<T> task = tasks.get(index);
        Slot slot = slots.get(index);
        long begun = time.nanoTime();
        slot.begunNanos.compareAndSet(NOT_BEGUN, begun);
        while (!slot.done) {
            TaskAttempt attempt = slot.series.begin();
            try {
                reports.add(new Report<>(index, task.run(attempt), null, time.nanoTime() - begun));
                return;
            } catch (TaskAttempt.Overtaken e) {
                return; // whoever overtook it reports
            } catch (InterruptedException e) {
                attempt.release();
                reports.add(failed(index, 1, e));
                return;
            } catch (Exception e) {
                attempt.release();
                if (slot.done) {
                    return;
                }
                int failures = slot.failures.incrementAndGet();
                if (Thread.currentThread().isInterrupted() || failures >= maxFailures || !TaskFailure.mayHeal(e)) {
                    reports.add(failed(index, failures, e));
                    return;
                }
                tally.failed();
                LOG.warn(
                        "Task {} failed, attempt {} of {}; it is run again alone.",
                        task.describe(),
                        failures,
                        maxFailures,
                        LoggedFailure.of(e));
            } catch (Throwable e) {
                reports.add(failed(index, 1, e));
                return;
            }
        }
    }

    private Report<T> failed(int index, int attempts, Throwable cause) {
        return new Report<>(index, null, new TaskFailure(tasks.get(index).describe(), attempts, cause), 0);
    }

    /** Cancels what runs and waits until nothing does: a stage that failed leaves no task behind. */
    private void giveUp() {
        live.close();
        slots.forEach(slot -> slot.runners.forEach(runner -> runner.cancel(true)));
        live.await();
    }
}
