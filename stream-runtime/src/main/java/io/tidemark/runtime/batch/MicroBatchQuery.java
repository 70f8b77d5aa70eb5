package io.tidemark.runtime.batch;

import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.Source;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.LoggedFailure;
import io.tidemark.api.error.Remedy;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.StreamingQuery;
import io.tidemark.api.streaming.StreamingQueryException;
import io.tidemark.api.streaming.StreamingQueryListener;
import io.tidemark.api.streaming.StreamingQueryManager;
import io.tidemark.api.streaming.StreamingQueryProgress;
import io.tidemark.api.streaming.StreamingQueryStatus;
import io.tidemark.api.streaming.Trigger;
import io.tidemark.runtime.shuffle.ShuffleSpace;
import io.tidemark.runtime.task.TaskScheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a query: its thread, its end, and what others may ask of it meanwhile. Safe for use by many threads. */
public final class MicroBatchQuery implements StreamingQuery {
    private static final Logger LOG = LoggerFactory.getLogger(MicroBatchQuery.class);
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(5);

    private final QueryParts parts;
    private final UUID runId;
    private final @Nullable String name;
    private final StreamingQueryManager manager;
    private final ListenerBus bus;
    private final QueryLife life;
    private final MicroBatchLoop loop;
    private final TaskScheduler scheduler;
    private final ShuffleSpace shuffles;
    private final Housekeeping housekeeping;
    private final Function<Boolean, String> explain;
    private final Runnable atEnd;
    private final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Object lock = new Object();
    private final ArrayDeque<StreamingQueryProgress> recent = new ArrayDeque<>();
    private long idlePasses;
    private boolean reportedOnce;
    private long lastReportMillis;
    private volatile @Nullable StreamingQueryException failure;

    /**
     * @param explain gives the plan as text, extended or not
     * @param atEnd called on the query's thread after everything is closed, if the query did not fail
     */
    MicroBatchQuery(
            QueryParts parts,
            UUID runId,
            @Nullable String name,
            Trigger trigger,
            StreamingQueryManager manager,
            Function<Boolean, String> explain,
            Runnable atEnd) {
        this.parts = parts;
        this.runId = runId;
        this.name = name;
        this.manager = manager;
        this.bus = new ListenerBus(manager);
        this.life = new QueryLife(parts.time());
        this.explain = explain;
        this.atEnd = atEnd;
        String label = name == null ? parts.queryId().toString() : name;
        this.scheduler = new TaskScheduler(
                label,
                parts.conf().taskThreads(),
                parts.conf().taskMaxFailures(),
                parts.conf().speculation(),
                parts.time());
        this.shuffles =
                new ShuffleSpace(parts.conf().shuffleMemory(), parts.conf().localDirectory());
        this.housekeeping = new Housekeeping(
                label,
                parts.checkpoint(),
                parts.sink(),
                parts.conf().minBatchesToRetain(),
                parts.conf().maintenanceInBackground(),
                parts.ownership()::verify);
        ProgressReporter reporter = new ProgressReporter(parts.queryId(), runId, name, parts.time());
        BatchRunner runner = new BatchRunner(
                parts.plan(),
                parts.sources(),
                parts.sink(),
                scheduler,
                shuffles,
                parts.time(),
                parts.conf().timeZone(),
                parts.conf().ansi());
        this.loop = new MicroBatchLoop(parts, trigger, life, reporter, runner, housekeeping, new Reports());
        this.thread = new Thread(this::live, "query " + label + " [runId = " + runId + "]");
    }

    /** Registers with the session, tells the listeners, and starts the thread. */
    void start() {
        manager.register(this);
        bus.post(new StreamingQueryListener.QueryStartedEvent(
                id(), runId, name, ProgressReporter.timestamp(parts.time().currentTimeMillis())));
        lastReportMillis = parts.time().currentTimeMillis();
        thread.start();
    }

    private void live() {
        @Nullable Throwable cause = null;
        try {
            loop.run();
        } catch (InterruptedException e) {
            if (!life.isStopping()) {
                cause = e;
            }
        } catch (RuntimeException e) {
            if (!life.isStopping() || !isHealedByRestart(e)) {
                cause = e;
            } else {
                LOG.info(
                        "Query {} was stopped in the middle of a batch; the next start finishes it.",
                        name,
                        LoggedFailure.of(e));
            }
        } catch (Error e) {
            cause = e;
            throw e;
        } finally {
            end(cause);
        }
    }

    /** Whether a failure during a stop is but the stop itself, as the batch saw it. */
    private static boolean isHealedByRestart(RuntimeException e) {
        return !(e instanceof TidemarkException known) || known.code().remedy() == Remedy.RETRY_FROM_CHECKPOINT;
    }

    private void end(@Nullable Throwable cause) {
        Thread.interrupted(); // a stop has been heard; closing must not fail by it
        if (cause != null) {
            failure = failed(orFenced(cause));
        }
        try {
            if (!endsTheProcess(cause)) {
                closeAll();
            }
            sayGoodbye();
        } finally {
            synchronized (lock) {
                ended.countDown();
                lock.notifyAll();
            }
        }
    }

    /**
     * Whether nothing here can be relied on any more, such as when memory ran out: then nothing is cleaned up, which could
     * do harm half way, and the process has to end. A stack that was too deep for one row is no such thing.
     */
    private static boolean endsTheProcess(@Nullable Throwable cause) {
        return cause instanceof VirtualMachineError && !(cause instanceof StackOverflowError);
    }

    private void sayGoodbye() {
        manager.deregister(this);
        if (failure == null) {
            life.say("Stopped", false, false);
            atEnd.run();
        } else {
            life.say("Terminated with exception: " + failure.getCause().getMessage(), false, false);
            LOG.error("{}", LoggedFailure.textOf(failure), LoggedFailure.of(failure.getCause()));
        }
        bus.post(new StreamingQueryListener.QueryTerminatedEvent(
                id(),
                runId,
                failure == null ? null : failure.toString(),
                failure == null ? null : failure.code().label()));
    }

    /**
     * Returns that a later run owns the checkpoint, if so: a run that was fenced off may fail over anything that run does,
     * and must end as fenced whatever it met first.
     */
    private Throwable orFenced(Throwable cause) {
        if (!(cause instanceof RuntimeException)
                || (cause instanceof TidemarkException known && known.code() == ErrorCode.WRITER_FENCED)) {
            return cause;
        }
        try {
            parts.ownership().verify();
        } catch (RuntimeException | Error e) { // whatever it is, the query has failed already and is about to end
            if (e instanceof TidemarkException fenced && fenced.code() == ErrorCode.WRITER_FENCED) {
                fenced.addSuppressed(cause);
                return fenced;
            }
            LOG.debug("Who owns the checkpoint now cannot be told", e);
        }
        return cause;
    }

    private StreamingQueryException failed(Throwable cause) {
        String message = "Query " + (name == null ? "" : name + " ") + "[id = " + id() + ", runId = " + runId
                + "] terminated with exception: " + cause.getMessage();
        Optional<BatchSlice> slice = loop.currentSlice();
        return new StreamingQueryException(
                message,
                slice.map(s -> text(s.starts())).orElse("[]"),
                slice.map(s -> text(s.ends())).orElse("[]"),
                cause);
    }

    private static String text(List<Optional<Offset>> offsets) {
        return offsets.stream()
                .map(o -> o.map(Offset::json).orElse("-"))
                .toList()
                .toString();
    }

    private void closeAll() {
        List<Runnable> closings = new ArrayList<>();
        closings.add(scheduler::close);
        closings.add(shuffles::close);
        closings.add(housekeeping::close);
        closings.add(() -> {
            if (housekeeping.isOver()) {
                loop.close();
            } else {
                LOG.warn(
                        "Work in the background does not end; the memory of query {}'s state is not given back.", name);
            }
        });
        for (Source source : parts.sources()) {
            closings.add(() -> source.close(CLOSE_DEADLINE));
        }
        closings.add(() -> parts.sink().close());
        closings.add(() -> parts.ownership().close());
        closings.add(() -> parts.checkpoint().close());
        for (Runnable closing : closings) {
            try {
                closing.run();
            } catch (RuntimeException | LinkageError | AssertionError e) {
                LOG.warn(
                        "Closing a part of query {} failed; the others are closed all the same.",
                        name,
                        LoggedFailure.of(e));
            }
        }
    }

    /** Keeps and posts what the loop reports. */
    private final class Reports implements MicroBatchLoop.Listener {
        @Override
        public void batchDone(StreamingQueryProgress progress) {
            keep(progress);
            bus.post(new StreamingQueryListener.QueryProgressEvent(progress));
        }

        @Override
        public void idle(Supplier<StreamingQueryProgress> look) {
            long now = parts.time().currentTimeMillis();
            boolean due = now - lastReportMillis
                    >= parts.conf().noDataProgressInterval().toMillis();
            if (due) {
                boolean before = reportedOnce;
                StreamingQueryProgress progress = look.get();
                keep(progress);
                if (before) {
                    bus.post(new StreamingQueryListener.QueryIdleEvent(id(), runId, progress.timestamp()));
                }
            }
            synchronized (lock) {
                idlePasses++;
                lock.notifyAll();
            }
        }

        private void keep(StreamingQueryProgress progress) {
            lastReportMillis = parts.time().currentTimeMillis();
            reportedOnce = true;
            synchronized (lock) {
                recent.addLast(progress);
                while (recent.size() >= Math.max(2, parts.conf().progressRetained())) {
                    recent.removeFirst();
                }
            }
        }
    }

    @Override
    public UUID id() {
        return parts.queryId();
    }

    @Override
    public UUID runId() {
        return runId;
    }

    @Override
    public @Nullable String name() {
        return name;
    }

    @Override
    public boolean isActive() {
        return ended.getCount() > 0;
    }

    @Override
    public Optional<StreamingQueryException> exception() {
        return Optional.ofNullable(failure);
    }

    @Override
    public StreamingQueryStatus status() {
        return life.status();
    }

    @Override
    public @Nullable StreamingQueryProgress lastProgress() {
        synchronized (lock) {
            return recent.peekLast();
        }
    }

    @Override
    public List<StreamingQueryProgress> recentProgress() {
        synchronized (lock) {
            return List.copyOf(recent);
        }
    }

    @Override
    public void awaitTermination() throws InterruptedException {
        ended.await();
        rethrow();
    }

    @Override
    public boolean awaitTermination(long timeoutMillis) throws InterruptedException {
        boolean done = ended.await(timeoutMillis, TimeUnit.MILLISECONDS);
        if (done) {
            rethrow();
        }
        return done;
    }

    private void rethrow() {
        StreamingQueryException failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    @Override
    public void processAllAvailable() throws InterruptedException {
        synchronized (lock) {
            // The pass in flight may have asked the sources before the caller's rows were there: wait for one more.
            long wanted = idlePasses + 2;
            while (idlePasses < wanted && ended.getCount() > 0) {
                lock.wait();
            }
        }
        rethrow();
    }

    @Override
    public void stop() {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a query cannot stop itself on its own thread: it would wait for ever");
        }
        life.requestStop();
        long timeout = parts.conf().stopTimeout().toMillis();
        try {
            if (timeout == 0) {
                ended.await();
                return;
            }
            long grace = Math.max(timeout / 2, timeout - CLOSE_DEADLINE.toMillis());
            if (!ended.await(grace, TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "Query {} is in the middle of a batch; it is abandoned, and the next start finishes it.", name);
                thread.interrupt();
                if (!ended.await(timeout - grace, TimeUnit.MILLISECONDS)) {
                    throw new TidemarkException(
                            ErrorCode.QUERY_STOPPED,
                            "Query " + name + " did not stop within " + timeout
                                    + " ms; something it called hangs. End the process; the checkpoint is safe.");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void explain() {
        explain(false);
    }

    @Override
    public void explain(boolean extended) {
        System.out.println(explainText(extended));
    }

    @Override
    public String explainText(boolean extended) {
        return explain.apply(extended);
    }
}
