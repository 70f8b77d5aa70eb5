package io.tidemark.runtime.analysis;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.Origin;
import java.util.Set;

/** The error for what parses but is not run yet. */
final class Unsupported {
    private static final Set<String> AGGREGATES = Set.of(
            "count",
            "sum",
            "avg",
            "mean",
            "min",
            "max",
            "first",
            "last",
            "any_value",
            "first_value",
            "last_value",
            "approx_count_distinct",
            "collect_list",
            "collect_set",
            "stddev",
            "stddev_samp",
            "stddev_pop",
            "variance",
            "var_samp",
            "var_pop",
            "min_by",
            "max_by",
            "count_if",
            "bool_and",
            "bool_or",
            "every",
            "some",
            "any",
            "percentile",
            "percentile_approx",
            "approx_percentile",
            "median",
            "mode",
            "array_agg",
            "grouping",
            "grouping_id",
            "row_number",
            "rank",
            "lag",
            "lead");

    private Unsupported() {}

    /** Returns whether Spark has an aggregate or ranking function of this name in lower case. */
    static boolean isAggregate(String name) {
        return AGGREGATES.contains(name);
    }

    static AnalysisException clause(String clause, Origin origin) {
        return new AnalysisException(
                ErrorCode.STREAMING_UNSUPPORTED,
                clause + " is not supported by this version. Rewrite the query without it.",
                origin);
    }
}
