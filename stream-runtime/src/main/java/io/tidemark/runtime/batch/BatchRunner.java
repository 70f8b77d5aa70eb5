package io.tidemark.runtime.batch;

import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.InputPartition;
import io.tidemark.api.connector.LostRange;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.connector.Source;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.operator.PhysicalPlan;
import io.tidemark.runtime.shuffle.ShuffleSpace;
import io.tidemark.runtime.task.BatchWork;
import io.tidemark.runtime.task.Effort;
import io.tidemark.runtime.task.OperatorReport;
import io.tidemark.runtime.task.StageRunner;
import io.tidemark.runtime.task.StateRun;
import io.tidemark.runtime.task.Tally;
import io.tidemark.runtime.task.TaskResult;
import io.tidemark.runtime.task.TaskScheduler;
import io.tidemark.runtime.watermark.EventTimeStatistics;
import io.tidemark.state.StagedState;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Computes a batch: splits its ranges into tasks, runs them stage by stage into the sink's writers, and sums up what was
 * staged. The tasks and the order of their results depend on the log alone, so a batch that runs again gives the same rows
 * in the same order on any number of threads.
 */
final class BatchRunner {
    private final PhysicalPlan plan;
    private final List<Source> sources;
    private final Sink sink;
    private final StageRunner stages;
    private final ZoneId zone;
    private final boolean ansi;

    /** @param shuffles what the batches' shuffles may use; the caller's to close */
    BatchRunner(
            PhysicalPlan plan,
            List<Source> sources,
            Sink sink,
            TaskScheduler scheduler,
            ShuffleSpace shuffles,
            TimeSource time,
            ZoneId zone,
            boolean ansi) {
        this.plan = plan;
        this.sources = List.copyOf(sources);
        this.sink = sink;
        this.stages = new StageRunner(plan, scheduler, shuffles, time);
        this.zone = zone;
        this.ansi = ansi;
    }

    /**
     * A computed batch.
     *
     * @param token what the sink commits; null if the rows went nowhere
     * @param inputRows by distinct source
     * @param states the new version of every store, staged; by operator, partition and store
     * @param operators what each stateful operator did, by its id
     * @param effort what else there is to tell of the run
     */
    record Outcome(
            @Nullable String token,
            List<Long> inputRows,
            long outputRows,
            SortedMap<Integer, EventTimeStatistics> eventTimes,
            List<LostRange> losses,
            List<StagedState> states,
            List<OperatorReport> operators,
            Effort effort) {}

    /**
     * Runs the batch and stages its rows and its state; on return everything that the token and the staged states name is
     * durable. The files of tasks that were given up may lie beside them and are nobody's.
     *
     * @param state what the plan's stateful operators find
     */
    Outcome run(BatchSlice slice, Sink.BatchAttempt attempt, StateRun state) throws InterruptedException {
        Split split = split(slice);
        Tally tally = new Tally();
        List<TaskResult> results = stages.run(
                new BatchWork(
                        slice.batchId(),
                        attempt.attemptUuid(),
                        evaluation(slice),
                        sources,
                        split.partitions,
                        state,
                        new BatchWork.Destination(sink, attempt)),
                tally);
        List<String> staged = results.stream()
                .map(TaskResult::staged)
                .filter(Objects::nonNull)
                .toList();
        return sumUp(sink.stage(attempt, staged), split, results, tally);
    }

    /**
     * Runs the batch for the state it makes, and throws its rows away: the sink has them. On return everything that the
     * staged states name is durable.
     *
     * @param attemptUuid of this run
     */
    Outcome makeState(BatchSlice slice, String attemptUuid, StateRun state) throws InterruptedException {
        Split split = split(slice);
        Tally tally = new Tally();
        List<TaskResult> results = stages.run(
                new BatchWork(slice.batchId(), attemptUuid, evaluation(slice), sources, split.partitions, state, null),
                tally);
        return sumUp(null, split, results, tally);
    }

    /**
     * Runs the batch up to its first shuffles, for what its rows tell (event times, counts), and throws the rows away:
     * nothing is staged, no state is opened.
     */
    Outcome observe(BatchSlice slice) throws InterruptedException {
        Split split = split(slice);
        Tally tally = new Tally();
        List<TaskResult> results = stages.observe(
                new BatchWork(
                        slice.batchId(),
                        "observed",
                        evaluation(slice),
                        sources,
                        split.partitions,
                        StateRun.stateless(1),
                        null),
                tally);
        return sumUp(null, split, results, tally);
    }

    private EvaluationContext evaluation(BatchSlice slice) {
        return new EvaluationContext(slice.metadata().batchTimestampMs(), zone, ansi);
    }

    private Outcome sumUp(@Nullable String token, Split split, List<TaskResult> results, Tally tally) {
        List<Long> inputRows = new ArrayList<>(Collections.nCopies(sources.size(), 0L));
        TreeMap<Integer, EventTimeStatistics> eventTimes = new TreeMap<>();
        List<LostRange> losses = new ArrayList<>(split.losses);
        List<StagedState> states = new ArrayList<>();
        long outputRows = 0;
        for (TaskResult result : results) {
            if (result.source() >= 0) {
                inputRows.set(
                        result.source(),
                        inputRows.get(result.source()) + result.statistics().inputRows());
            }
            outputRows += result.statistics().outputRows();
            result.statistics()
                    .eventTimes()
                    .forEach((operator, seen) -> eventTimes.merge(operator, seen, EventTimeStatistics::plus));
            losses.addAll(result.losses());
            states.addAll(result.states());
        }
        states.sort(Comparator.comparing(StagedState::store));
        return new Outcome(
                token,
                inputRows,
                outputRows,
                eventTimes,
                losses,
                states,
                OperatorReport.of(plan.operators(), results),
                tally.effort());
    }

    /** What the batch reads: partitions by source, and what is known to be lost of them. */
    private record Split(List<List<InputPartition>> partitions, List<LostRange> losses) {}

    private Split split(BatchSlice slice) {
        List<List<InputPartition>> partitions = new ArrayList<>();
        List<LostRange> losses = new ArrayList<>();
        for (int k = 0; k < sources.size(); k++) {
            if (!slice.covers(k)) {
                partitions.add(List.of());
                continue;
            }
            Source.Plan split = sources.get(k)
                    .plan(
                            slice.starts().get(k).orElseThrow(),
                            slice.ends().get(k).orElseThrow(),
                            slice.seals().get(k).orElse(null));
            losses.addAll(split.losses());
            partitions.add(split.partitions());
        }
        return new Split(partitions, losses);
    }
}
