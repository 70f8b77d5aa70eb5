package io.tidemark.api;

import io.tidemark.api.plan.Expression;
import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.streaming.StreamWrite;
import io.tidemark.api.streaming.StreamingQuery;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructType;
import java.util.List;

/**
 * What stands behind the API: parses, analyses and runs. One implementation, found through {@link
 * java.util.ServiceLoader}; stateless, so safe for use by many threads.
 */
public interface Engine {
    /** @throws io.tidemark.api.error.AnalysisException with line, column and token if this is no query */
    LogicalPlan parseQuery(String sql);

    Expression parseExpression(String sql);

    /** Parses {@code a.b}, {@code `a.b`} or {@code *}: a name, not an expression. */
    Expression parseColumnName(String name);

    /** Parses a select list: {@code "a, b AS c, *"}. */
    List<Expression> parseSelectList(String sql);

    /** Parses a table definition, or a type {@code STRUCT<…>}. */
    StructType parseSchema(String ddl);

    DataType parseType(String sql);

    /** Parses {@code "10 minutes"} or {@code "INTERVAL 10 MINUTES"} to milliseconds; a month counts 31 days. */
    long parseDurationMillis(String text);

    /**
     * Resolves and types {@code plan} against the session's views.
     *
     * @throws io.tidemark.api.error.AnalysisException if that is not possible
     */
    StructType schemaOf(LogicalPlan plan, TidemarkSession session);

    /** Returns the plan as text: physical only, or with the logical stages before it. */
    String explain(LogicalPlan plan, TidemarkSession session, boolean extended);

    /** Starts a query; on return its checkpoint is owned, its id known, and its thread running. */
    StreamingQuery start(StreamWrite write, TidemarkSession session);
}
