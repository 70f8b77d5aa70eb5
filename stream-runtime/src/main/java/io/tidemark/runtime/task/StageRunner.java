package io.tidemark.runtime.task;

import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.InputPartition;
import io.tidemark.runtime.operator.PhysicalPlan;
import io.tidemark.runtime.operator.Pipeline;
import io.tidemark.runtime.operator.Stage;
import io.tidemark.runtime.shuffle.MapOutput;
import io.tidemark.runtime.shuffle.ShuffleSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Runs the stages of a plan one after the other, each as tasks: one for every partition of a source, and behind a shuffle one
 * for every partition of it, with rows or without. Tasks are numbered pipeline by pipeline and partition by partition.
 */
public final class StageRunner {
    private final PhysicalPlan plan;
    private final TaskScheduler scheduler;
    private final ShuffleSpace space;
    private final TimeSource time;

    public StageRunner(PhysicalPlan plan, TaskScheduler scheduler, ShuffleSpace space, TimeSource time) {
        this.plan = plan;
        this.scheduler = scheduler;
        this.space = space;
        this.time = time;
    }

    /**
     * Runs all stages.
     *
     * @return what the tasks made, stage by stage and in the order of the tasks; blocks are released already
     */
    public List<TaskResult> run(BatchWork work, Tally tally) throws InterruptedException {
        List<TaskResult> all = new ArrayList<>();
        try (Shuffles shuffles = new Shuffles(space, work.state().partitions(), scheduler.maxFailures(), tally)) {
            for (Stage stage : plan.stages()) {
                List<StageTask> tasks = tasks(stage, work, shuffles);
                List<TaskResult> results = scheduler.run(tasks, tally);
                all.addAll(results);
                if (stage.output() != null) {
                    List<MapOutput> outputs = results.stream()
                            .map(result -> Objects.requireNonNull(result.output()))
                            .toList();
                    shuffles.complete(stage.output(), tasks, outputs);
                }
            }
        }
        return all;
    }

    /**
     * Runs what reads sources, up to the first shuffles, and throws the rows away.
     *
     * @param work without a sink
     */
    public List<TaskResult> observe(BatchWork work, Tally tally) throws InterruptedException {
        List<StageTask> tasks = new ArrayList<>();
        try (Shuffles none = new Shuffles(space, 1, scheduler.maxFailures(), tally)) {
            for (Stage stage : plan.stages()) {
                for (Pipeline pipeline : stage.pipelines()) {
                    if (pipeline.head() instanceof Pipeline.Scan) {
                        add(tasks, new Stage(stage.id(), stage.pipelines(), null), pipeline, work, none);
                    }
                }
            }
            return scheduler.run(tasks, tally);
        }
    }

    private List<StageTask> tasks(Stage stage, BatchWork work, Shuffles shuffles) {
        List<StageTask> tasks = new ArrayList<>();
        for (Pipeline pipeline : stage.pipelines()) {
            add(tasks, stage, pipeline, work, shuffles);
        }
        return tasks;
    }

    private void add(List<StageTask> tasks, Stage stage, Pipeline pipeline, BatchWork work, Shuffles shuffles) {
        if (pipeline.head() instanceof Pipeline.Scan scan) {
            List<InputPartition> partitions = work.partitions().get(scan.source());
            for (int p = 0; p < partitions.size(); p++) {
                tasks.add(new StageTask(work, stage, pipeline, tasks.size(), p, partitions.get(p), shuffles, time));
            }
            return;
        }
        Pipeline.Reduce reduce = (Pipeline.Reduce) pipeline.head();
        if (reduce.operator().isSinglePartition() != reduce.input().single()) {
            throw new IllegalStateException(
                    reduce.operator().describe() + " and its shuffle differ on whether there is one partition");
        }
        int partitions = reduce.input().single() ? 1 : work.state().partitions();
        for (int p = 0; p < partitions; p++) {
            tasks.add(new StageTask(work, stage, pipeline, tasks.size(), p, null, shuffles, time));
        }
    }
}
