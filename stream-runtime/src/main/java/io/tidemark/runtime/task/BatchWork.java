package io.tidemark.runtime.task;

import io.tidemark.api.connector.InputPartition;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.connector.Source;
import io.tidemark.runtime.expression.EvaluationContext;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the tasks of a batch have to do.
 *
 * @param run tells this run's staged files from those of others
 * @param sources by their K
 * @param partitions of each source, by its K; none where the batch does not cover it
 * @param sink where the last stage's rows go; null throws them away
 */
public record BatchWork(
        long batchId,
        String run,
        EvaluationContext evaluation,
        List<Source> sources,
        List<List<InputPartition>> partitions,
        StateRun state,
        @Nullable Destination sink) {
    public BatchWork {
        sources = List.copyOf(sources);
        partitions = partitions.stream().map(List::copyOf).toList();
    }

    /** A sink and the attempt at the batch that it is to stage. */
    public record Destination(Sink sink, Sink.BatchAttempt attempt) {
        Sink.TaskWriter open(int task, int taskAttempt) {
            return sink.openTask(attempt, task, taskAttempt);
        }
    }

    /** Returns where the rows go. */
    Destination destination() {
        return Objects.requireNonNull(sink, "a batch whose rows are thrown away has no sink");
    }
}
