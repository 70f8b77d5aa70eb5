package io.tidemark.runtime.task;

import io.tidemark.api.connector.LostRange;
import io.tidemark.runtime.operator.StatefulOperator;
import io.tidemark.runtime.operator.TaskStatistics;
import io.tidemark.runtime.shuffle.MapOutput;
import io.tidemark.state.StagedState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the attempt that counts made of a task.
 *
 * @param source whose rows it read; -1 behind a shuffle
 * @param staged what the sink's writer says it staged; null unless the task is of the last stage
 * @param output its blocks; null in the last stage
 * @param operator whose state it made; null without
 * @param state what it staged of state; null if it keeps none, or only repeated what was staged before
 */
public record TaskResult(
        int source,
        @Nullable String staged,
        @Nullable MapOutput output,
        TaskStatistics statistics,
        List<LostRange> losses,
        @Nullable StatefulOperator operator,
        @Nullable StateCommit state) {
    public TaskResult {
        losses = List.copyOf(losses);
    }

    /** Returns the new versions of state it staged. */
    public List<StagedState> states() {
        return state == null ? List.of() : state.staged();
    }
}
