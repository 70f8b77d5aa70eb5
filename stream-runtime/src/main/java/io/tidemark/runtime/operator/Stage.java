package io.tidemark.runtime.operator;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps between two shuffles. Its tasks are numbered pipeline by pipeline and partition by partition.
 *
 * @param id place in the plan; a stage reads only shuffles of stages before it
 * @param output where its rows go; null for the last stage, whose rows go to the sink
 */
public record Stage(int id, List<Pipeline> pipelines, @Nullable Shuffle output) {
    public Stage {
        pipelines = List.copyOf(pipelines);
    }
}
