package io.tidemark.runtime.batch;

import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.ReadLimit;
import io.tidemark.api.connector.Source;
import io.tidemark.api.streaming.SinkProgress;
import io.tidemark.api.streaming.StreamingQueryProgress;
import io.tidemark.api.streaming.Trigger;
import io.tidemark.checkpoint.format.CommitMetadata;
import io.tidemark.checkpoint.format.PreparedBatch;
import io.tidemark.runtime.task.StateRun;
import io.tidemark.runtime.watermark.EventTimeStatistics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs one query batch by batch: finishes what the last run left, then plans, runs and commits until it is stopped or
 * its trigger says that it is done. Lives on the query's thread; the steps are in {@link BatchPlanner}, {@link
 * BatchRunner} and {@link BatchCommitter}.
 */
final class MicroBatchLoop {
    private static final long OWNER_CHECK_MILLIS = 1_000;

    private final QueryParts parts;
    private final Trigger trigger;
    private final QueryLife life;
    private final ProgressReporter reporter;
    private final BatchPlanner planner;
    private final BatchRunner runner;
    private final BatchCommitter committer;
    private final Housekeeping housekeeping;
    private final Listener listener;
    private @Nullable BatchSlice current;
    private long lastOwnerCheckMillis;

    /** Hears what the loop does, on the loop's thread. */
    interface Listener {
        void batchDone(StreamingQueryProgress progress);

        /** A pass found nothing to do; {@code progress} tells the time of the look. */
        void idle(StreamingQueryProgress progress);
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
        this.committer = new BatchCommitter(parts);
        this.housekeeping = housekeeping;
        this.listener = listener;
    }

    /** Runs until the trigger ends the query, or by an interruption. */
    void run() throws InterruptedException {
        life.say("Initializing sources");
        Resumption resumption = new Recovery(parts, planner).resume();
        if (resumption.unfinished() != null) {
            housekeeping.removeLeftovers(Recovery.liveTokens(resumption), parts.ownership()::verify);
        }
        LoopState state = resumption.state();
        if (trigger instanceof Trigger.AvailableNowTrigger) {
            parts.sources().forEach(Source::prepareForTriggerAvailableNow);
        }
        Resumption.Unfinished unfinished = resumption.unfinished();
        Optional<java.time.Duration> pause;
        do {
            reporter.startTrigger();
            boolean constructed;
            if (unfinished != null) {
                finish(unfinished, state);
                unfinished = null;
                constructed = true;
            } else {
                constructed = pass(state);
            }
            pause = TriggerSchedule.pauseAfter(
                    trigger,
                    reporter.triggerStart(),
                    parts.time().currentTimeMillis(),
                    constructed,
                    parts.conf().pollingDelay());
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

    /** Returns the offsets of the batch in flight, or of the last one, for messages. */
    Optional<BatchSlice> currentSlice() {
        return Optional.ofNullable(current);
    }

    private boolean pass(LoopState state) throws InterruptedException {
        ReadLimit limit = trigger instanceof Trigger.OnceTrigger ? ReadLimit.ALL_AVAILABLE : ReadLimit.SOURCE_DEFAULT;
        Optional<BatchSlice> planned = planner.planNext(state, limit);
        if (planned.isEmpty()) {
            stayOwner();
            listener.idle(report(
                    state.nextBatchId(),
                    state.committed(),
                    state.committed(),
                    Collections.nCopies(parts.sources().size(), 0L),
                    new TreeMap<>(),
                    null,
                    0));
            return false;
        }
        runAndCommit(planned.get(), state, 0);
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

    private void finish(Resumption.Unfinished unfinished, LoopState state) throws InterruptedException {
        if (unfinished instanceof Resumption.Unfinished.RunAgain again) {
            parts.checkpoint().sidecar().removeStagedAttempts(again.slice().batchId(), parts.ownership()::verify);
            runAndCommit(again.slice(), state, again.preparedAttempt());
        } else if (unfinished instanceof Resumption.Unfinished.Adopt adopt) {
            adopt(adopt, state);
            parts.resumeSources(adopt.slice());
        } else if (unfinished instanceof Resumption.Unfinished.Observe observe) {
            observe(observe.slice(), state);
            parts.resumeSources(observe.slice());
        }
    }

    private void runAndCommit(BatchSlice slice, LoopState state, int attempt) throws InterruptedException {
        current = slice;
        life.say("Processing new data", true, true);
        long usedWatermark = slice.metadata().batchWatermarkMs();
        BatchRunner.Outcome outcome = reporter.timed(
                "addBatch", () -> runner.run(slice, parts.attemptAt(slice.batchId()), StateRun.stateless(1)));
        prefetch(slice);
        state.watermarks().observe(outcome.eventTimes());
        BatchCommitter.Prepared prepared = reporter.timed("addBatch", () -> {
            BatchCommitter.Prepared p = committer.prepare(slice, outcome, state, attempt);
            committer.commitSink(slice, p);
            return p;
        });
        reporter.timed("commitOffsets", () -> {
            committer.commitLog(slice, prepared.batch());
            return true;
        });
        done(
                slice,
                state,
                usedWatermark,
                outcome.inputRows(),
                outcome.eventTimes(),
                parts.sink().rowsWritten());
    }

    /** Finishes a prepared batch: the sink takes what was staged, and no source is read. */
    private void adopt(Resumption.Unfinished.Adopt adopt, LoopState state) throws InterruptedException {
        BatchSlice slice = adopt.slice();
        current = slice;
        PreparedBatch prepared = adopt.prepared().batch();
        long usedWatermark = slice.metadata().batchWatermarkMs();
        if (!adopt.sinkHoldsIt()) {
            reporter.timed("addBatch", () -> {
                committer.commitSink(slice, adopt.prepared());
                return true;
            });
        }
        reporter.timed("commitOffsets", () -> {
            committer.commitLog(slice, prepared);
            return true;
        });
        Recovery.restoreOperators(state.watermarks(), prepared);
        state.watermarks().advanceTo(prepared.commit().nextBatchWatermarkMs());
        List<Long> inputRows = new ArrayList<>();
        for (int k = 0; k < parts.sources().size(); k++) {
            inputRows.add(prepared.rowCounts().getOrDefault("input." + k, 0L));
        }
        done(slice, state, usedWatermark, inputRows, new TreeMap<>(), -1);
    }

    /** Another writer put the batch into the sink: its watermark is still ours to find. */
    private void observe(BatchSlice slice, LoopState state) throws InterruptedException {
        current = slice;
        long usedWatermark = slice.metadata().batchWatermarkMs();
        SortedMap<Integer, EventTimeStatistics> seen = new TreeMap<>();
        List<Long> inputRows = Collections.nCopies(parts.sources().size(), 0L);
        if (state.watermarks().isDeclared()) {
            BatchRunner.Outcome outcome = reporter.timed("addBatch", () -> runner.observe(slice));
            seen = outcome.eventTimes();
            inputRows = outcome.inputRows();
            state.watermarks().observe(seen);
        }
        reporter.timed("commitOffsets", () -> {
            committer.commitLog(
                    slice.batchId(), new CommitMetadata(state.watermarks().global()));
            return true;
        });
        done(slice, state, usedWatermark, inputRows, seen, -1);
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

    private void done(
            BatchSlice slice,
            LoopState state,
            long usedWatermark,
            List<Long> inputRows,
            SortedMap<Integer, EventTimeStatistics> eventTimes,
            long outputRows) {
        state.advancePast(slice, false); // no stateless operator asks for a batch without data
        housekeeping.afterBatch(slice.batchId());
        listener.batchDone(report(
                slice.batchId(), slice.starts(), slice.ends(), inputRows, eventTimes, usedWatermark, outputRows));
    }

    private StreamingQueryProgress report(
            long batchId,
            List<Optional<Offset>> starts,
            List<Optional<Offset>> ends,
            List<Long> inputRows,
            SortedMap<Integer, EventTimeStatistics> eventTimes,
            @Nullable Long usedWatermark,
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
                new SinkProgress(
                        parts.sink().description(), outputRows, parts.sink().metrics()),
                eventTimes.isEmpty() ? null : eventTimes.get(eventTimes.firstKey()),
                watermarked ? usedWatermark : null);
    }
}
