package io.tidemark.runtime.batch;

import io.tidemark.api.connector.Sink;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.checkpoint.StagedFiles;
import io.tidemark.checkpoint.format.CommitMetadata;
import io.tidemark.checkpoint.format.PreparedBatch;
import io.tidemark.runtime.operator.EventTimeStep;
import io.tidemark.runtime.operator.Pipeline;
import io.tidemark.runtime.task.OperatorReport;
import io.tidemark.runtime.watermark.EventTimeStatistics;
import io.tidemark.state.StagedState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one planned batch to its commit: by computing it, from its prepared file, or by following what another writer
 * committed. Lives on the query's thread.
 */
final class BatchExecution {
    private static final Logger LOG = LoggerFactory.getLogger(BatchExecution.class);

    private static final Set<ErrorCode> ROWS_GONE = Set.of(
            ErrorCode.SOURCE_ROWS_MISSING,
            ErrorCode.OFFSET_OUT_OF_RANGE,
            ErrorCode.TOPIC_MISSING,
            ErrorCode.TOPIC_RECREATED,
            ErrorCode.PARTITIONS_DELETED,
            ErrorCode.LOG_TRUNCATED);

    private final QueryParts parts;
    private final QueryState queryState;
    private final BatchRunner runner;
    private final BatchCommitter committer;
    private final ProgressReporter reporter;

    BatchExecution(
            QueryParts parts, QueryState queryState, StagedFiles files, BatchRunner runner, ProgressReporter reporter) {
        this.parts = parts;
        this.queryState = queryState;
        this.runner = runner;
        this.committer = new BatchCommitter(parts, queryState, files);
        this.reporter = reporter;
    }

    /**
     * A batch that is committed.
     *
     * @param outputRows -1 if this run did not see them
     * @param operators what the stateful operators did; empty if this run did not see it
     */
    record Done(
            BatchSlice slice,
            List<Long> inputRows,
            SortedMap<Integer, EventTimeStatistics> eventTimes,
            long outputRows,
            List<OperatorReport> operators) {}

    /**
     * Removes what of state attempts that are no more have left, now that it is clear which versions are to be.
     *
     * @param next the batch that is planned next if nothing is unfinished
     */
    void clear(Resumption resumption, long next) {
        Resumption.Unfinished unfinished = resumption.unfinished();
        if (unfinished == null) {
            queryState.removeAbove(next, Set.of());
        } else if (unfinished instanceof Resumption.Unfinished.Adopt adopt) {
            queryState.removeAbove(
                    adopt.slice().batchId(),
                    adopt.prepared().batch().stateFiles().stream()
                            .map(PreparedBatch.StagedFile::target)
                            .collect(Collectors.toSet()));
        } else if (unfinished instanceof Resumption.Unfinished.RunAgain again) {
            // In this order: what has no staged name any more cannot get its final name either, by nobody.
            parts.checkpoint().sidecar().removeStagedAttempts(again.slice().batchId(), parts.ownership()::verify);
            queryState.removeAbove(again.slice().batchId(), Set.of());
        }
    }

    /**
     * Computes the batch and commits it.
     *
     * @param attempt k of {@code prepared/N.k}
     * @param computed called as soon as the rows are read, before the batch is committed
     */
    Done run(BatchSlice slice, LoopState state, int attempt, Runnable computed) throws InterruptedException {
        queryState.describeOperators();
        BatchRunner.Outcome outcome = reporter.timed("addBatch", () -> compute(slice, state));
        computed.run();
        state.watermarks().observe(outcome.eventTimes());
        BatchCommitter.Prepared prepared = reporter.timed("addBatch", () -> {
            BatchCommitter.Prepared p = committer.prepare(slice, outcome, state, attempt);
            committer.publishState(p.batch());
            committer.commitSink(slice, p);
            return p;
        });
        reporter.timed("commitOffsets", () -> {
            committer.commitLog(slice, prepared.batch());
            return true;
        });
        queryState.committed(prepared.batch().commit(), outcome.states());
        return new Done(
                slice, outcome.inputRows(), outcome.eventTimes(), parts.sink().rowsWritten(), outcome.operators());
    }

    private BatchRunner.Outcome compute(BatchSlice slice, LoopState state) throws InterruptedException {
        Sink.BatchAttempt attempt = parts.attemptAt(slice.batchId());
        boolean computed = false;
        try {
            BatchRunner.Outcome outcome = runner.run(slice, attempt, queryState.at(slice, state.previousWatermark()));
            computed = true;
            return outcome;
        } finally {
            if (!computed) {
                parts.sink().abandon(attempt);
            }
        }
    }

    /** Finishes a prepared batch: state and sink take what was staged, and no source is read. */
    Done adopt(Resumption.Unfinished.Adopt adopt, LoopState state) throws InterruptedException {
        BatchSlice slice = adopt.slice();
        PreparedBatch prepared = adopt.prepared().batch();
        reporter.timed("addBatch", () -> {
            committer.publishState(prepared);
            if (!adopt.sinkHoldsIt()) {
                committer.commitSink(slice, adopt.prepared());
            }
            return true;
        });
        reporter.timed("commitOffsets", () -> {
            committer.commitLog(slice, prepared);
            return true;
        });
        queryState.committed(prepared.commit(), List.of());
        Recovery.restoreOperators(state.watermarks(), prepared);
        state.watermarks().advanceTo(prepared.commit().nextBatchWatermarkMs());
        List<Long> inputRows = new ArrayList<>();
        for (int k = 0; k < parts.sources().size(); k++) {
            inputRows.add(prepared.rowCounts().getOrDefault("input." + k, 0L));
        }
        return new Done(slice, inputRows, new TreeMap<>(), -1, List.of());
    }

    /**
     * Follows a batch that another writer put into the sink: its watermark is still ours to find, and its state to make
     * unless that writer left it whole.
     */
    Done observe(BatchSlice slice, LoopState state) throws InterruptedException {
        SortedMap<Integer, EventTimeStatistics> seen = new TreeMap<>();
        List<Long> inputRows = Collections.nCopies(parts.sources().size(), 0L);
        List<StagedState> states = List.of();
        if (!queryState.isWhole(slice.batchId() + 1)) {
            LOG.warn(
                    "The sink holds batch {}, but its state is not whole; it is made again from the logged range.",
                    slice.batchId());
            queryState.removeAbove(slice.batchId(), Set.of());
            BatchRunner.Outcome outcome = reporter.timed(
                    "addBatch",
                    () -> runner.makeState(
                            slice, parts.ownership().attemptUuid(), queryState.at(slice, state.previousWatermark())));
            committer.publishState(outcome.states());
            states = outcome.states();
            seen = outcome.eventTimes();
            inputRows = outcome.inputRows();
        } else if (state.watermarks().isDeclared()) {
            try {
                BatchRunner.Outcome outcome = reporter.timed("addBatch", () -> look(slice, state));
                seen = outcome.eventTimes();
                inputRows = outcome.inputRows();
            } catch (TidemarkException e) {
                if (!ROWS_GONE.contains(e.code())) {
                    throw e;
                }
                LOG.warn(
                        "The sink holds batch {}, but its rows are gone and their event times with them; the watermark"
                                + " stays at {}. {}",
                        slice.batchId(),
                        ProgressReporter.timestamp(state.watermarks().global()),
                        e.getMessage());
            }
        }
        state.watermarks().observe(seen);
        CommitMetadata commit = queryState.commit(state.watermarks().global(), states);
        reporter.timed("commitOffsets", () -> {
            committer.commitLog(slice.batchId(), commit);
            return true;
        });
        queryState.committed(commit, states);
        return new Done(slice, inputRows, seen, -1, List.of());
    }

    /** Reads the batch for its event times alone. Where they are seen behind state, that is made too, and thrown away. */
    private BatchRunner.Outcome look(BatchSlice slice, LoopState state) throws InterruptedException {
        boolean behindState = parts.plan().stages().stream()
                .flatMap(stage -> stage.pipelines().stream())
                .anyMatch(pipeline -> pipeline.head() instanceof Pipeline.Reduce
                        && pipeline.steps().stream().anyMatch(EventTimeStep.class::isInstance));
        return behindState
                ? runner.makeState(
                        slice, parts.ownership().attemptUuid(), queryState.at(slice, state.previousWatermark()))
                : runner.observe(slice);
    }
}
