package io.tidemark.runtime.analysis;

import static java.util.Objects.requireNonNull;

import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.types.StructType;
import io.tidemark.runtime.aggregate.AggregateRegistry;
import io.tidemark.runtime.expression.FunctionRegistry;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a query is analysed against.
 *
 * @param views finds a view by name, without regard to case
 * @param viewNames all views, for messages
 * @param schemas all columns of a stream; asked once for each occurrence in the query
 * @param ansi {@code spark.sql.ansi.enabled}
 * @param zone {@code spark.sql.session.timeZone}
 */
public record AnalysisContext(
        Function<String, Optional<LogicalPlan>> views,
        List<String> viewNames,
        Function<LogicalPlan.StreamRead, StructType> schemas,
        boolean ansi,
        ZoneId zone,
        FunctionRegistry functions,
        AggregateRegistry aggregates) {
    public AnalysisContext {
        requireNonNull(views, "views");
        viewNames = List.copyOf(viewNames);
        requireNonNull(schemas, "schemas");
        requireNonNull(zone, "zone");
        requireNonNull(functions, "functions");
        requireNonNull(aggregates, "aggregates");
    }
}
