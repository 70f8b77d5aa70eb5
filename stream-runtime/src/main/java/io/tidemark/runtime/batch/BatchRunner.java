package io.tidemark.runtime.batch;

import io.tidemark.api.connector.InputPartition;
import io.tidemark.api.connector.LostRange;
import io.tidemark.api.connector.PartitionReader;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.connector.Source;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.operator.OperatorWatermarks;
import io.tidemark.runtime.operator.PhysicalPlan;
import io.tidemark.runtime.operator.Pipeline;
import io.tidemark.runtime.operator.StateAccess;
import io.tidemark.runtime.operator.TaskContext;
import io.tidemark.runtime.operator.TaskStatistics;
import io.tidemark.runtime.task.Effort;
import io.tidemark.runtime.task.OperatorReport;
import io.tidemark.runtime.task.StateRun;
import io.tidemark.runtime.task.Task;
import io.tidemark.runtime.task.TaskScheduler;
import io.tidemark.runtime.watermark.EventTimeStatistics;
import io.tidemark.state.StagedState;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Computes a batch: splits its ranges into tasks, runs each task's rows through its pipeline into the sink's writer, and
 * sums up what was staged. The tasks and the order of their results depend on the log alone, so a batch that runs again
 * gives the same rows in the same order on any number of threads.
 */
final class BatchRunner {
    private final PhysicalPlan plan;
    private final List<Source> sources;
    private final Sink sink;
    private final TaskScheduler scheduler;
    private final ZoneId zone;
    private final boolean ansi;

    BatchRunner(
            PhysicalPlan plan, List<Source> sources, Sink sink, TaskScheduler scheduler, ZoneId zone, boolean ansi) {
        this.plan = plan;
        this.sources = List.copyOf(sources);
        this.sink = sink;
        this.scheduler = scheduler;
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
        Work work = split(slice);
        List<BatchTask> tasks = new ArrayList<>();
        for (Part part : work.parts) {
            tasks.add(new BatchTask(slice, attempt, tasks.size(), part, sink));
        }
        List<Result> results = scheduler.run(tasks);
        String token = sink.stage(attempt, results.stream().map(r -> r.staged).toList());
        return sumUp(token, work, results);
    }

    /**
     * Runs the batch up to its first shuffles, for what its rows tell (event times, counts), and throws the rows away:
     * nothing is staged, no state is opened.
     */
    Outcome observe(BatchSlice slice) throws InterruptedException {
        Work work = split(slice);
        List<BatchTask> tasks = new ArrayList<>();
        for (Part part : work.parts) {
            tasks.add(new BatchTask(slice, null, tasks.size(), part, null));
        }
        return sumUp(null, work, scheduler.run(tasks));
    }

    private Outcome sumUp(@Nullable String token, Work work, List<Result> results) {
        List<Long> inputRows = new ArrayList<>(Collections.nCopies(sources.size(), 0L));
        TreeMap<Integer, EventTimeStatistics> eventTimes = new TreeMap<>();
        List<LostRange> losses = new ArrayList<>(work.losses);
        long outputRows = 0;
        for (Result result : results) {
            inputRows.set(result.source, inputRows.get(result.source) + result.statistics.inputRows());
            outputRows += result.statistics.outputRows();
            result.statistics
                    .eventTimes()
                    .forEach((operator, seen) -> eventTimes.merge(operator, seen, EventTimeStatistics::plus));
            losses.addAll(result.losses);
        }
        Effort effort = new Effort(results.size(), 0, 0, 0, 0, 0, 0);
        return new Outcome(token, inputRows, outputRows, eventTimes, losses, List.of(), List.of(), effort);
    }

    private record Part(Pipeline pipeline, InputPartition partition) {}

    private record Work(List<Part> parts, List<LostRange> losses) {}

    private record Result(int source, @Nullable String staged, TaskStatistics statistics, List<LostRange> losses) {}

    private Work split(BatchSlice slice) {
        List<Source.@Nullable Plan> plans = new ArrayList<>();
        List<LostRange> losses = new ArrayList<>();
        for (int k = 0; k < sources.size(); k++) {
            if (!slice.covers(k)) {
                plans.add(null);
                continue;
            }
            Source.Plan split = sources.get(k)
                    .plan(
                            slice.starts().get(k).orElseThrow(),
                            slice.ends().get(k).orElseThrow(),
                            slice.seals().get(k).orElse(null));
            losses.addAll(split.losses());
            plans.add(split);
        }
        List<Part> parts = new ArrayList<>();
        for (Pipeline pipeline : plan.stages().get(0).pipelines()) {
            Source.Plan split = plans.get(((Pipeline.Scan) pipeline.head()).source());
            if (split != null) {
                split.partitions().forEach(partition -> parts.add(new Part(pipeline, partition)));
            }
        }
        return new Work(parts, losses);
    }

    /** Reads one partition through its pipeline into the sink. */
    private final class BatchTask implements Task<Result> {
        private final BatchSlice slice;
        private final Sink.@Nullable BatchAttempt batchAttempt;
        private final int index;
        private final Part part;
        private final @Nullable Sink into;

        BatchTask(
                BatchSlice slice, Sink.@Nullable BatchAttempt batchAttempt, int index, Part part, @Nullable Sink into) {
            this.slice = slice;
            this.batchAttempt = batchAttempt;
            this.index = index;
            this.part = part;
            this.into = into;
        }

        @Override
        public String describe() {
            return "batch " + slice.batchId() + ", task " + index + " (" + part.partition.describe() + ")";
        }

        @Override
        public Result run(int attempt) throws Exception {
            TaskStatistics statistics = new TaskStatistics();
            EvaluationContext context = new EvaluationContext(slice.metadata().batchTimestampMs(), zone, ansi);
            int source = ((Pipeline.Scan) part.pipeline.head()).source();
            try (PartitionReader reader = sources.get(source).reader(part.partition, attempt);
                    Sink.TaskWriter writer =
                            into == null || batchAttempt == null ? null : into.openTask(batchAttempt, index, attempt)) {
                TaskContext task = new TaskContext(
                        slice.batchId(),
                        index,
                        attempt,
                        context,
                        statistics,
                        StateAccess.NONE,
                        OperatorWatermarks.NONE);
                Pipeline.Run run = part.pipeline.open(task, rows -> {
                    if (!rows.selection().isEmpty() && writer != null) {
                        statistics.addOutputRows(rows.rowCount());
                        writer.write(rows);
                    }
                });
                for (ColumnBatch batch = reader.next(); batch != null; batch = reader.next()) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException("task cancelled");
                    }
                    statistics.addInputRows(batch.rowCount());
                    run.accept(batch);
                }
                run.finish();
                return new Result(source, writer == null ? null : writer.finish(), statistics, reader.losses());
            }
        }
    }
}
