package io.tidemark.runtime.aggregate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The aggregate functions that a query may use. */
public final class AggregateFunctions {

    private static final AggregateRegistry REGISTRY = new AggregateRegistry(all());

    private AggregateFunctions() {}

    public static AggregateRegistry registry() {
        return REGISTRY;
    }

    private static List<AggregateDefinition> all() {
        List<AggregateDefinition> all = new ArrayList<>(List.of(
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
                BuiltinAggregate.of("last", ChosenFunction::last).alias("last_value"),
                BuiltinAggregate.of("min_by", arguments -> ExtremeByFunction.bind(arguments, false)),
                BuiltinAggregate.of("max_by", arguments -> ExtremeByFunction.bind(arguments, true)),
                bits(BitFunction.Operator.BIT_AND),
                bits(BitFunction.Operator.BIT_OR),
                bits(BitFunction.Operator.BIT_XOR),
                moments(CentralMoments.Statistic.STDDEV_SAMP).alias("stddev", "std"),
                moments(CentralMoments.Statistic.STDDEV_POP),
                moments(CentralMoments.Statistic.VAR_SAMP).alias("variance"),
                moments(CentralMoments.Statistic.VAR_POP),
                moments(CentralMoments.Statistic.SKEWNESS),
                moments(CentralMoments.Statistic.KURTOSIS),
                moments(CoMoments.Statistic.COVAR_POP),
                moments(CoMoments.Statistic.COVAR_SAMP),
                moments(CoMoments.Statistic.CORR),
                BuiltinAggregate.of("approx_count_distinct", ApproxCountDistinct::bind),
                BuiltinAggregate.of("collect_list", CollectFunction::list).alias("array_agg"),
                BuiltinAggregate.of("collect_set", CollectFunction::set)));
        all.addAll(RefusedAggregate.all());
        return all;
    }

    private static BuiltinAggregate bits(BitFunction.Operator operator) {
        return BuiltinAggregate.of(
                operator.name().toLowerCase(Locale.ROOT), arguments -> BitFunction.bind(arguments, operator));
    }

    private static BuiltinAggregate moments(CentralMoments.Statistic statistic) {
        return BuiltinAggregate.of(
                statistic.name().toLowerCase(Locale.ROOT), arguments -> CentralMoments.bind(arguments, statistic));
    }

    private static BuiltinAggregate moments(CoMoments.Statistic statistic) {
        return BuiltinAggregate.of(
                statistic.name().toLowerCase(Locale.ROOT), arguments -> CoMoments.bind(arguments, statistic));
    }
}
