package io.tidemark.state.reader;

import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateVersion;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * State as a batch left it.
 *
 * @param batchId whose commit made it
 * @param uniqueIds what the batch's entry in the commit log says of checkpoint format 2: operator id to partitions to the
 *     ids of the operator's stores, in their order; null in format 1
 */
public record StateBatch(long batchId, @Nullable SortedMap<Long, List<List<String>>> uniqueIds) {
    /**
     * Returns the version of a store.
     *
     * @param store which of the operator's stores it is, in the order of its metadata
     */
    StateVersion version(StateStoreId id, int store) {
        if (uniqueIds == null || uniqueIds.isEmpty()) {
            return new StateVersion(batchId + 1);
        }
        List<List<String>> partitions = uniqueIds.getOrDefault(id.operatorId(), List.of());
        if (id.partition() >= partitions.size()
                || store >= partitions.get(id.partition()).size()) {
            throw new IllegalArgumentException(
                    "batch " + batchId + " has no id of store '" + id + "' in the commit log");
        }
        return new StateVersion(batchId + 1, partitions.get(id.partition()).get(store));
    }

    /** Returns how many partitions the commit log names of an operator; -1 if it names none. */
    int partitions(long operatorId) {
        return uniqueIds == null || !uniqueIds.containsKey(operatorId)
                ? -1
                : uniqueIds.get(operatorId).size();
    }
}
