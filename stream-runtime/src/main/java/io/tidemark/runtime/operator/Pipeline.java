package io.tidemark.runtime.operator;

import io.tidemark.api.vector.ColumnBatch;
import java.util.List;

/**
 * A chain of steps and what it begins with. Each partition of its beginning is a task.
 *
 * @param head where the rows come from
 */
public record Pipeline(Head head, List<Step> steps) {
    public Pipeline {
        steps = List.copyOf(steps);
    }

    /** The beginning of a pipeline. */
    public sealed interface Head {}

    /**
     * One occurrence of a source.
     *
     * @param source index of the distinct source
     * @param leaf index of the occurrence, in pre-order
     */
    public record Scan(int source, int leaf) implements Head {}

    /** An operator over the rows of a shuffle. */
    public record Reduce(Shuffle input, ReduceOperator operator) implements Head {}

    /** The steps of a pipeline in one task. One thread. */
    public interface Run extends BatchConsumer {
        /** Hands on what gathering steps still hold. Called once, after the last batch. */
        void finish() throws Exception;
    }

    /** Starts the steps for one task; what comes out of the last goes to {@code out}. */
    public Run open(TaskContext context, BatchConsumer out) {
        Run run = new Run() {
            @Override
            public void accept(ColumnBatch batch) throws Exception {
                out.accept(batch);
            }

            @Override
            public void finish() {}
        };
        for (int i = steps.size() - 1; i >= 0; i--) {
            run = steps.get(i) instanceof NarrowStep narrow
                    ? narrow(narrow, context, run)
                    : gathering((GatheringStep) steps.get(i), context, run);
        }
        return run;
    }

    private static Run narrow(NarrowStep step, TaskContext context, Run next) {
        return new Run() {
            @Override
            public void accept(ColumnBatch batch) throws Exception {
                next.accept(step.apply(batch, context.evaluation(), context.statistics()));
            }

            @Override
            public void finish() throws Exception {
                next.finish();
            }
        };
    }

    private static Run gathering(GatheringStep step, TaskContext context, Run next) {
        GatheringStep.Gathering gathering = step.open(context, next);
        return new Run() {
            @Override
            public void accept(ColumnBatch batch) throws Exception {
                gathering.accept(batch);
            }

            @Override
            public void finish() throws Exception {
                gathering.finish();
                next.finish();
            }
        };
    }
}
