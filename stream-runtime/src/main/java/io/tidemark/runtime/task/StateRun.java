package io.tidemark.runtime.task;

import io.tidemark.runtime.operator.OperatorWatermarks;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStores;
import io.tidemark.state.StateVersion;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the tasks of one batch need to know of state.
 *
 * @param stores opens them; null only for plans without stateful operators
 * @param versions which version of a store the batch finds; asked by tasks on their own threads
 * @param watermarks of each stateful operator in this batch
 * @param partitions into how many partitions shuffles split rows, and so how many stores an operator has: what the offset
 *     log says, not what the session asks for
 */
public record StateRun(
        @Nullable StateStores stores,
        Function<StateStoreId, StateVersion> versions,
        OperatorWatermarks watermarks,
        int partitions) {
    public StateRun {
        if (partitions < 1) {
            throw new IllegalArgumentException("a shuffle needs a partition: " + partitions);
        }
    }

    /** Returns what a plan without stateful operators runs with. */
    public static StateRun stateless(int partitions) {
        return new StateRun(
                null,
                id -> {
                    throw new IllegalStateException("this plan has no state, and yet wants " + id);
                },
                OperatorWatermarks.NONE,
                partitions);
    }
}
