package io.tidemark.runtime.task;

import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.InputPartition;
import io.tidemark.api.connector.LostRange;
import io.tidemark.api.connector.PartitionReader;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.runtime.operator.BatchConsumer;
import io.tidemark.runtime.operator.Pipeline;
import io.tidemark.runtime.operator.Stage;
import io.tidemark.runtime.operator.StateAccess;
import io.tidemark.runtime.operator.StatefulOperator;
import io.tidemark.runtime.operator.TaskContext;
import io.tidemark.runtime.operator.TaskStatistics;
import io.tidemark.runtime.shuffle.MapOutput;
import io.tidemark.runtime.shuffle.ShuffleReader;
import io.tidemark.runtime.shuffle.ShuffleWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One partition of one stage: a recipe that can be followed any number of times. Reads a partition of a source or of a
 * shuffle through a pipeline into the sink or into the next shuffle.
 *
 * <p>State is staged by the attempt that counts and by no other. When blocks of a task are lost after that, {@link #repeat}
 * follows the recipe again from the same version of state and keeps only the rows: what was staged before stays as it is,
 * and holds the same, since a task is a function of its rows and that version.
 */
final class StageTask implements Task<TaskResult> {
    private final BatchWork work;
    private final Stage stage;
    private final Pipeline pipeline;
    private final int index;
    private final int partition;
    private final @Nullable InputPartition input;
    private final Shuffles shuffles;
    private final TimeSource time;
    private final AtomicInteger lastAttempt = new AtomicInteger(-1);

    /**
     * @param index among the tasks of the stage
     * @param partition of what the pipeline begins with
     * @param input that partition, of a source; null behind a shuffle
     */
    StageTask(
            BatchWork work,
            Stage stage,
            Pipeline pipeline,
            int index,
            int partition,
            @Nullable InputPartition input,
            Shuffles shuffles,
            TimeSource time) {
        this.work = work;
        this.stage = stage;
        this.pipeline = pipeline;
        this.index = index;
        this.partition = partition;
        this.input = input;
        this.shuffles = shuffles;
        this.time = time;
    }

    @Override
    public String describe() {
        String what = input != null ? input.describe() : "partition " + partition;
        return "batch " + work.batchId() + ", " + (stage.id() == 0 ? "" : "stage " + stage.id() + ", ") + "task "
                + index + " (" + what + ")";
    }

    @Override
    public TaskResult run(TaskAttempt attempt) throws Exception {
        lastAttempt.accumulateAndGet(attempt.number(), Math::max);
        return compute(attempt, true);
    }

    /** Makes the task's blocks once more, and nothing else: no state is staged. */
    MapOutput repeat() throws Exception {
        TaskResult again = compute(TaskAttempt.alone(lastAttempt.incrementAndGet()), false);
        if (again.output() == null) {
            throw new IllegalStateException(describe() + " makes no blocks");
        }
        return again.output();
    }

    private TaskResult compute(TaskAttempt attempt, boolean first) throws Exception {
        TaskStatistics statistics = new TaskStatistics();
        StatefulOperator operator = statefulOperator();
        try (TaskState state = operator == null ? null : openState(operator, attempt);
                Target target = openTarget(attempt, statistics)) {
            TaskContext context = new TaskContext(
                    work.batchId(),
                    partition,
                    attempt.number(),
                    work.evaluation(),
                    statistics,
                    state == null ? StateAccess.NONE : state,
                    work.state().watermarks());
            Pipeline.Run run = pipeline.open(context, target);
            List<LostRange> losses = List.of();
            if (pipeline.head() instanceof Pipeline.Reduce reduce) {
                reduce(reduce, context, run);
            } else {
                losses = scan((Pipeline.Scan) pipeline.head(), attempt, context, run);
            }
            run.finish();
            attempt.claim();
            String staged = target.staged();
            StateCommit commit = state == null || !first ? null : state.commit();
            return new TaskResult(
                    pipeline.head() instanceof Pipeline.Scan scan ? scan.source() : -1,
                    staged,
                    target.blocks(),
                    statistics,
                    losses,
                    operator,
                    commit);
        }
    }

    private @Nullable StatefulOperator statefulOperator() {
        return pipeline.head() instanceof Pipeline.Reduce reduce
                        && reduce.operator() instanceof StatefulOperator stateful
                ? stateful
                : null;
    }

    private TaskState openState(StatefulOperator operator, TaskAttempt attempt) {
        String staged = work.batchId() + "/" + work.run() + "-" + stage.id() + "-" + index + "-" + attempt.number();
        return new TaskState(work.state(), operator, partition, staged, time);
    }

    private void reduce(Pipeline.Reduce reduce, TaskContext context, Pipeline.Run run) throws Exception {
        ShuffleReader rows = new ShuffleReader(reduce.input().schema(), partition, shuffles.outputs(reduce.input()));
        try {
            reduce.operator().run(context, rows, run);
        } catch (ShuffleReader.Broken e) {
            throw e.reason();
        }
    }

    private List<LostRange> scan(Pipeline.Scan scan, TaskAttempt attempt, TaskContext context, Pipeline.Run run)
            throws Exception {
        InputPartition wanted = Objects.requireNonNull(input);
        try (PartitionReader reader = work.sources().get(scan.source()).reader(wanted, attempt.number())) {
            BadRows bad = new BadRows(pipeline, context, reader);
            for (ColumnBatch batch = reader.next(); batch != null; batch = reader.next()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("task cancelled");
                }
                context.statistics().addInputRows(batch.rowCount());
                ColumnBatch usable = reader.leavesOut() ? bad.leaveOut(batch) : batch;
                try {
                    run.accept(usable);
                } catch (EvaluationException e) {
                    throw bad.located(e, usable);
                }
            }
            bad.report(describe());
            return reader.losses();
        }
    }

    private Target openTarget(TaskAttempt attempt, TaskStatistics statistics) {
        if (stage.output() != null) {
            return new Target.IntoShuffle(shuffles.writer(stage.output(), index), shuffles);
        } else if (work.sink() == null) {
            return new Target.Nowhere();
        }
        return new Target.IntoSink(work.sink().open(index, attempt.number()), statistics);
    }

    /** Where a task's rows go. */
    private sealed interface Target extends BatchConsumer, AutoCloseable {
        /** Makes rows for the sink durable. */
        default @Nullable String staged() throws Exception {
            return null;
        }

        /** Ends the blocks. */
        default @Nullable MapOutput blocks() throws Exception {
            return null;
        }

        @Override
        default void close() {}

        /** Throws the rows away. */
        record Nowhere() implements Target {
            @Override
            public void accept(ColumnBatch batch) {}
        }

        record IntoSink(Sink.TaskWriter writer, TaskStatistics statistics) implements Target {
            @Override
            public void accept(ColumnBatch batch) throws Exception {
                if (!batch.selection().isEmpty()) {
                    statistics.addOutputRows(batch.rowCount());
                    writer.write(batch);
                }
            }

            @Override
            public String staged() throws Exception {
                return writer.finish();
            }

            @Override
            public void close() {
                writer.close();
            }
        }

        record IntoShuffle(ShuffleWriter writer, Shuffles shuffles) implements Target {
            @Override
            public void accept(ColumnBatch batch) throws Exception {
                writer.accept(batch);
            }

            @Override
            public MapOutput blocks() throws Exception {
                return shuffles.keep(writer.finish());
            }

            @Override
            public void close() {
                writer.close();
            }
        }
    }
}
