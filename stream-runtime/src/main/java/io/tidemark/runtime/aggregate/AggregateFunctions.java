package io.tidemark.runtime.aggregate;

import java.util.List;

/** The aggregate functions that a query may use. */
public final class AggregateFunctions {
    private static final AggregateRegistry REGISTRY = new AggregateRegistry(List.of());

    private AggregateFunctions() {}

    public static AggregateRegistry registry() {
        return REGISTRY;
    }
}
