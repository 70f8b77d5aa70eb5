package io.tidemark.runtime.operator;

import io.tidemark.state.StateStore;

/** Opens the stores of one task; commits or aborts them when the task ends, which is not the operator's business. */
@FunctionalInterface
public interface StateAccess {
    /** For tasks without state. */
    StateAccess NONE = (operator, store) -> {
        throw new IllegalStateException(operator.describe() + " has no state here");
    };

    /**
     * Opens the operator's store for the task's partition, at the version the batch finds.
     *
     * @param store place in {@link StatefulOperator#stores}
     */
    StateStore open(StatefulOperator operator, int store);
}
