package io.tidemark.runtime.aggregate;

import static java.util.Objects.requireNonNull;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.runtime.expression.BindContext;
import io.tidemark.runtime.expression.BoundExpression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate function of Spark's that is refused by name: what it keeps for a group is private to Spark, so that state could
 * not be handed over.
 */
record RefusedAggregate(String name, String instead) implements AggregateDefinition {
    private static final String COUNT_BY_VALUE = "Count by value in a query of its own instead.";
    private static final String COUNT_DISTINCT = "Use approx_count_distinct instead.";
    private static final String COLLECT = "Use collect_list and compute it from the array instead.";

    RefusedAggregate {
        requireNonNull(name, "name");
        requireNonNull(instead, "instead");
    }

    static List<RefusedAggregate> all() {
        return List.of(
                new RefusedAggregate("percentile", COLLECT),
                new RefusedAggregate("percentile_cont", COLLECT),
                new RefusedAggregate("percentile_disc", COLLECT),
                new RefusedAggregate("median", COLLECT),
                new RefusedAggregate("percentile_approx", COLLECT),
                new RefusedAggregate("approx_percentile", COLLECT),
                new RefusedAggregate("mode", COUNT_BY_VALUE),
                new RefusedAggregate("approx_top_k", COUNT_BY_VALUE),
                new RefusedAggregate("count_min_sketch", COUNT_BY_VALUE),
                new RefusedAggregate("histogram_numeric", "Group by the bounds of the bins instead."),
                new RefusedAggregate("hll_sketch_agg", COUNT_DISTINCT),
                new RefusedAggregate("hll_union_agg", COUNT_DISTINCT),
                new RefusedAggregate("theta_sketch_agg", COUNT_DISTINCT),
                new RefusedAggregate("theta_union_agg", COUNT_DISTINCT),
                new RefusedAggregate("theta_intersection_agg", COUNT_DISTINCT),
                new RefusedAggregate("bitmap_construct_agg", "Use collect_set instead."),
                new RefusedAggregate("bitmap_or_agg", "Use collect_set instead."),
                new RefusedAggregate("listagg", "Use collect_list and array_join instead."),
                new RefusedAggregate("string_agg", "Use collect_list and array_join instead."));
    }

    @Override
    public AggregateCall bind(List<BoundExpression> arguments, @Nullable BoundExpression filter, BindContext context) {
        throw new AnalysisException(
                ErrorCode.STREAMING_UNSUPPORTED,
                "The aggregate function '" + name
                        + "' is not supported: what it keeps between batches has no documented form. " + instead,
                context.origin());
    }
}
