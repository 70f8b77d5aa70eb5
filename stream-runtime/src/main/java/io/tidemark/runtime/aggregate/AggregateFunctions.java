package io.tidemark.runtime.aggregate;

import java.util.List;

/** The aggregate functions that a query may use. */
public final class AggregateFunctions {
    private static final AggregateRegistry REGISTRY = new AggregateRegistry(all());

    private AggregateFunctions() {}

    public static AggregateRegistry registry() {
        return REGISTRY;
    }

    private static List<AggregateDefinition> all() {
        return List.of(
                BuiltinAggregate.of("count", CountFunction::bind),
                BuiltinAggregate.of("count_if", CountIfFunction::bind),
                BuiltinAggregate.of("sum", NumericAggregates::sum),
                BuiltinAggregate.of("try_sum", NumericAggregates::trySum),
                BuiltinAggregate.of("avg", NumericAggregates::avg).alias("mean"),
                BuiltinAggregate.of("try_avg", NumericAggregates::tryAvg),
                BuiltinAggregate.of("min", ExtremeFunction::min),
                BuiltinAggregate.of("max", ExtremeFunction::max),
                BuiltinAggregate.of("bool_and", arguments -> ExtremeFunction.ofTruth(arguments, false))
                        .alias("every"),
                BuiltinAggregate.of("bool_or", arguments -> ExtremeFunction.ofTruth(arguments, true))
                        .alias("some", "any"),
                BuiltinAggregate.of("first", ChosenFunction::first).alias("first_value", "any_value"),
                BuiltinAggregate.of("last", ChosenFunction::last).alias("last_value"));
    }
}
