package io.tidemark.runtime.batch;

import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.ReadLimit;
import io.tidemark.api.connector.Source;
import io.tidemark.api.streaming.SinkProgress;
import io.tidemark.api.streaming.StateOperatorProgress;
import io.tidemark.api.streaming.StreamingQueryProgress;
import io.tidemark.api.streaming.Trigger;
import io.tidemark.checkpoint.StagedFiles;
import io.tidemark.runtime.watermark.EventTimeStatistics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs one query batch by batch: finishes what the last run left, then plans, runs and commits until it is stopped or
 * its trigger says that it is done. Lives on the query's thread; the steps are in {@link BatchPlanner}, {@link
 * BatchExecution}.
 */
final class MicroBatchLoop {
    private static final long OWNER_CHECK_MILLIS = 1_000;
    private static final int FILES_AT_ONCE = 8; // syncs, which wait for the disk and not for a core

    private final QueryParts parts;
    private final Trigger trigger;
    private final QueryLife life;
    private final ProgressReporter reporter;
    private final BatchPlanner planner;
    private final BatchRunner runner;
    private final StagedFiles files;
    private final Housekeeping housekeeping;
    private final Listener listener;
    private @Nullable BatchSlice current;
    private @Nullable QueryState queryState;
    private List<StateOperatorProgress> lastOperators = List.of();
    private long lastOwnerCheckMillis;

    /** Hears what the loop does, on the loop's thread. */
    interface Listener {
        void batchDone(StreamingQueryProgress progress);

        /** A pass found nothing to do; {@code progress} tells the time of the look, and is made only where it is wanted. */
        void idle(Supplier<StreamingQueryProgress> progress);
    }

    MicroBatchLoop(
            QueryParts parts,
            Trigger trigger,
            QueryLife life,
            ProgressReporter reporter,
            BatchRunner runner,
            Housekeeping housekeeping,
            Listener listener) {
        this.parts = parts;
        this.trigger = trigger;
        this.life = life;
        this.reporter = reporter;
        this.planner = new BatchPlanner(parts, life, reporter);
        this.runner = runner;
        this.files = new StagedFiles(
                parts.checkpoint(), parts.ownership()::verify, parts.conf().taskThreads() == 1 ? 1 : FILES_AT_ONCE);
        this.housekeeping = housekeeping;
        this.listener = listener;
    }

    /** Runs until the trigger ends the query, or by an interruption. */
    void run() throws InterruptedException {
        life.say("Initializing sources");
        Resumption resumption = new Recovery(parts, planner, files).resume();
        LoopState state = resumption.state();
        QueryState opened = new QueryState(parts, files, state.conf());
        queryState = opened;
        housekeeping.keepUp(opened);
        BatchExecution execution = new BatchExecution(parts, opened, files, runner, reporter);
        execution.clear(resumption, state.nextBatchId());
        if (trigger instanceof Trigger.AvailableNowTrigger) {
            parts.sources().forEach(Source::prepareForTriggerAvailableNow);
        }
        Resumption.Unfinished unfinished = resumption.unfinished();
        Optional<java.time.Duration> pause;
        long quietSince = parts.time().currentTimeMillis();
        do {
            reporter.startTrigger();
            boolean constructed;
            if (unfinished != null) {
                finish(unfinished, state, execution);
                housekeeping.removeLeftovers(unfinished.slice().batchId(), parts.ownership()::verify);
                unfinished = null;
                constructed = true;
            } else {
                constructed = pass(state, execution);
            }
            long now = parts.time().currentTimeMillis();
            quietSince = constructed ? now : quietSince;
            pause = TriggerSchedule.pauseAfter(
                    trigger,
                    reporter.triggerStart(),
                    now,
                    constructed,
                    TriggerSchedule.pauseAfterNothing(parts.conf().pollingDelay(), now - quietSince));
            if (pause.isPresent()) {
                waitForTrigger(pause.get(), constructed);
            }
        } while (pause.isPresent());
    }

    private void waitForTrigger(java.time.Duration pause, boolean constructed) throws InterruptedException {
        if (life.isStopping()) {
            throw new InterruptedException("the query is being stopped");
        }
        if (!pause.isZero()) {
            life.say(constructed ? "Waiting for next trigger" : "Waiting for data to arrive", false, false);
            life.pause(pause);
        }
    }

    /** Gives back what the run held of state. Called once nothing works on it any more. */
    void close() {
        files.close();
        if (queryState != null) {
            queryState.close();
        }
    }

    /** Returns the offsets of the batch in flight, or of the last one, for messages. */
    Optional<BatchSlice> currentSlice() {
        return Optional.ofNullable(current);
    }

    private boolean pass(LoopState state, BatchExecution execution) throws InterruptedException {
        ReadLimit limit = trigger instanceof Trigger.OnceTrigger ? ReadLimit.ALL_AVAILABLE : ReadLimit.SOURCE_DEFAULT;
        Optional<BatchSlice> planned = planner.planNext(state, limit);
        if (planned.isEmpty()) {
            stayOwner();
            listener.idle(() -> report(
                    state.nextBatchId(),
                    state.committed(),
                    state.committed(),
                    Collections.nCopies(parts.sources().size(), 0L),
                    new TreeMap<>(),
                    null,
                    lastOperators,
                    0));
            return false;
        }
        run(planned.get(), state, parts.checkpoint().sidecar().nextAttempt(state.nextBatchId()), execution);
        return true;
    }

    /** An idle run publishes nothing and so would never hear that it was fenced off, nor take up the lock it is owed. */
    private void stayOwner() {
        long now = parts.time().currentTimeMillis();
        if (now - lastOwnerCheckMillis >= OWNER_CHECK_MILLIS) {
            lastOwnerCheckMillis = now;
            parts.ownership().verify();
        }
    }

    private void finish(Resumption.Unfinished unfinished, LoopState state, BatchExecution execution)
            throws InterruptedException {
        current = unfinished.slice();
        if (unfinished instanceof Resumption.Unfinished.RunAgain again) {
            run(again.slice(), state, again.preparedAttempt(), execution);
        } else if (unfinished instanceof Resumption.Unfinished.Adopt adopt) {
            done(execution.adopt(adopt, state), state);
            parts.resumeSources(adopt.slice());
        } else if (unfinished instanceof Resumption.Unfinished.Observe observe) {
            done(execution.observe(observe.slice(), state), state);
            parts.resumeSources(observe.slice());
        }
    }

    private void run(BatchSlice slice, LoopState state, int attempt, BatchExecution execution)
            throws InterruptedException {
        current = slice;
        boolean data = IntStream.range(0, parts.sources().size()).anyMatch(slice::covers);
        life.say(data ? "Processing new data" : "No new data but cleaning up state", data, true);
        done(execution.run(slice, state, attempt, () -> prefetch(slice)), state);
    }

    /** Lets the sources fetch what comes next while this batch is committed. */
    private void prefetch(BatchSlice slice) {
        forEachSource(
                k -> slice.ends().get(k).ifPresent(end -> parts.sources().get(k).prefetch(end)));
    }

    private void forEachSource(Consumer<Integer> action) {
        for (int k = 0; k < parts.sources().size(); k++) {
            action.accept(k);
        }
    }

    private void done(BatchExecution.Done done, LoopState state) {
        BatchSlice slice = done.slice();
        QueryState stateOfQuery = Objects.requireNonNull(queryState);
        boolean another = stateOfQuery
                .propagation()
                .wantsAnotherBatch(
                        slice.metadata().batchWatermarkMs(), state.watermarks().global());
        state.advancePast(slice, another);
        housekeeping.afterBatch(slice.batchId());
        List<StateOperatorProgress> operators = OperatorProgress.of(done.operators(), stateOfQuery.partitions());
        lastOperators = OperatorProgress.idle(operators);
        listener.batchDone(report(
                slice.batchId(),
                slice.starts(),
                slice.ends(),
                done.inputRows(),
                done.eventTimes(),
                slice.metadata().batchWatermarkMs(),
                operators,
                done.outputRows()));
    }

    private StreamingQueryProgress report(
            long batchId,
            List<Optional<Offset>> starts,
            List<Optional<Offset>> ends,
            List<Long> inputRows,
            SortedMap<Integer, EventTimeStatistics> eventTimes,
            @Nullable Long usedWatermark,
            List<StateOperatorProgress> operators,
            long outputRows) {
        List<ProgressReporter.SourceReport> sources = new ArrayList<>();
        for (int k = 0; k < parts.sources().size(); k++) {
            Source source = parts.sources().get(k);
            sources.add(new ProgressReporter.SourceReport(
                    source.description(),
                    starts.get(k).map(Offset::json).orElse(null),
                    ends.get(k).map(Offset::json).orElse(null),
                    source.reportLatestOffset().map(Offset::json).orElse(null),
                    inputRows.get(k),
                    ends.get(k).map(source::metrics).orElseGet(TreeMap::new)));
        }
        boolean watermarked = !parts.plan().watermarks().isEmpty() && usedWatermark != null;
        return reporter.finish(
                batchId,
                sources,
                operators,
                new SinkProgress(
                        parts.sink().description(), outputRows, parts.sink().metrics()),
                eventTimes.isEmpty() ? null : eventTimes.get(eventTimes.firstKey()),
                watermarked ? usedWatermark : null);
    }
}
