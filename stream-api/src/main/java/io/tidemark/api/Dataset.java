package io.tidemark.api;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.Expression;
import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.streaming.DataStreamWriter;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A relation under construction, with the methods of Spark's {@code Dataset}. Immutable; each method checks what it adds
 * at once, so a wrong name fails where it is written.
 *
 * @param <T> the row type; {@link Row}
 */
public final class Dataset<T> {
    private final TidemarkSession session;
    private final LogicalPlan plan;
    private final StructType schema;

    private Dataset(TidemarkSession session, LogicalPlan plan, StructType schema) {
        this.session = session;
        this.plan = plan;
        this.schema = schema;
    }

    /** Analyses {@code plan} and wraps it. */
    public static Dataset<Row> of(TidemarkSession session, LogicalPlan plan) {
        return new Dataset<>(session, plan, session.engine().schemaOf(plan, session));
    }

    public StructType schema() {
        return schema;
    }

    public String[] columns() {
        return schema.fieldNames().toArray(String[]::new);
    }

    /** Returns the plan as it was built. */
    public LogicalPlan plan() {
        return plan;
    }

    public TidemarkSession session() {
        return session;
    }

    public boolean isStreaming() {
        return true;
    }

    public Column col(String name) {
        return functions.col(name);
    }

    public Dataset<Row> select(Column... columns) {
        return derive(new LogicalPlan.Project(Column.expressions(columns), plan));
    }

    public Dataset<Row> select(String first, String... others) {
        return select(named(first, others));
    }

    /** Selects SQL expressions, each with its own alias where wanted. */
    public Dataset<Row> selectExpr(String... expressions) {
        List<Expression> all = new ArrayList<>();
        for (String e : expressions) {
            all.add(session.engine().parseExpression(e));
        }
        return derive(new LogicalPlan.Project(all, plan));
    }

    public Dataset<Row> where(Column condition) {
        return derive(new LogicalPlan.Filter(condition.expression(), plan));
    }

    public Dataset<Row> where(String condition) {
        return where(functions.expr(condition));
    }

    public Dataset<Row> filter(Column condition) {
        return where(condition);
    }

    public Dataset<Row> filter(String condition) {
        return where(condition);
    }

    /** Adds a column at the end, or replaces the one of this name where it stands. */
    public Dataset<Row> withColumn(String name, Column value) {
        Map<String, Column> one = new LinkedHashMap<>();
        one.put(name, value);
        return withColumns(one);
    }

    /** Adds or replaces several columns, all computed from this Dataset's. */
    public Dataset<Row> withColumns(Map<String, Column> values) {
        Map<String, Map.Entry<String, Column>> left = new LinkedHashMap<>();
        values.forEach((name, value) -> left.put(name.toLowerCase(Locale.ROOT), Map.entry(name, value)));
        List<Expression> all = new ArrayList<>();
        Map<String, Map.Entry<String, Column>> wanted = new LinkedHashMap<>(left);
        for (StructField field : schema.fields()) {
            Map.Entry<String, Column> replacement = wanted.get(field.name().toLowerCase(Locale.ROOT));
            if (replacement == null) {
                all.add(attribute(field.name()));
            } else {
                left.remove(field.name().toLowerCase(Locale.ROOT));
                all.add(replacement.getValue().as(replacement.getKey()).expression());
            }
        }
        left.values().forEach(e -> all.add(e.getValue().as(e.getKey()).expression()));
        return derive(new LogicalPlan.Project(all, plan));
    }

    /** Renames a column; nothing happens if there is none of this name. */
    public Dataset<Row> withColumnRenamed(String existing, String renamed) {
        List<Expression> all = new ArrayList<>();
        for (StructField field : schema.fields()) {
            Expression attribute = attribute(field.name());
            all.add(
                    field.name().equalsIgnoreCase(existing)
                            ? new Expression.Alias(attribute, renamed, Origin.NONE)
                            : attribute);
        }
        return derive(new LogicalPlan.Project(all, plan));
    }

    /** Drops columns; names that do not occur are ignored. */
    public Dataset<Row> drop(String... names) {
        List<Expression> kept = new ArrayList<>();
        for (StructField field : schema.fields()) {
            if (Arrays.stream(names).noneMatch(field.name()::equalsIgnoreCase)) {
                kept.add(attribute(field.name()));
            }
        }
        return derive(new LogicalPlan.Project(kept, plan));
    }

    /** All rows of both, columns matched by position (SQL's UNION ALL). */
    public Dataset<Row> union(Dataset<Row> other) {
        return derive(new LogicalPlan.Union(List.of(plan, other.plan), LogicalPlan.Matching.BY_POSITION, Origin.NONE));
    }

    public Dataset<Row> unionAll(Dataset<Row> other) {
        return union(other);
    }

    public Dataset<Row> unionByName(Dataset<Row> other) {
        return derive(new LogicalPlan.Union(List.of(plan, other.plan), LogicalPlan.Matching.BY_NAME, Origin.NONE));
    }

    public Dataset<Row> unionByName(Dataset<Row> other, boolean allowMissingColumns) {
        return allowMissingColumns
                ? derive(new LogicalPlan.Union(
                        List.of(plan, other.plan), LogicalPlan.Matching.BY_NAME_ALLOW_MISSING, Origin.NONE))
                : unionByName(other);
    }

    /** Makes groups of the rows equal in {@code columns}; without columns all rows are one group. */
    public RelationalGroupedDataset groupBy(Column... columns) {
        return new RelationalGroupedDataset(rows(), Column.expressions(columns));
    }

    public RelationalGroupedDataset groupBy(String first, String... others) {
        return groupBy(named(first, others));
    }

    /** Aggregates all rows as one group. */
    public Dataset<Row> agg(Column first, Column... others) {
        return groupBy().agg(first, others);
    }

    public Dataset<Row> agg(Map<String, String> functionsByColumn) {
        return groupBy().agg(functionsByColumn);
    }

    /** Keeps each different row once. */
    public Dataset<Row> distinct() {
        return derive(new LogicalPlan.Distinct(plan, Origin.NONE));
    }

    /** Keeps the first of equal rows. */
    public Dataset<Row> dropDuplicates() {
        return dropDuplicates(new String[0]);
    }

    /** Keeps the first of the rows equal in {@code columns}; no column means all. */
    public Dataset<Row> dropDuplicates(String[] columns) {
        return derive(new LogicalPlan.Deduplicate(List.of(columns), false, plan, Origin.NONE));
    }

    public Dataset<Row> dropDuplicates(String first, String... others) {
        return dropDuplicates(names(first, others));
    }

    /** Keeps the first of equal rows, as long as the watermark has not passed its time by the delay. */
    public Dataset<Row> dropDuplicatesWithinWatermark() {
        return dropDuplicatesWithinWatermark(new String[0]);
    }

    /** As {@link #dropDuplicatesWithinWatermark()}, for rows equal in {@code columns}; no column means all. */
    public Dataset<Row> dropDuplicatesWithinWatermark(String[] columns) {
        return derive(new LogicalPlan.Deduplicate(List.of(columns), true, plan, Origin.NONE));
    }

    public Dataset<Row> dropDuplicatesWithinWatermark(String first, String... others) {
        return dropDuplicatesWithinWatermark(names(first, others));
    }

    /** The first {@code count} rows. */
    public Dataset<Row> limit(int count) {
        return derive(new LogicalPlan.Limit(functions.lit(count).expression(), plan, Origin.NONE));
    }

    /** Orders the rows; {@link Column#desc} and its like turn the direction of a key. */
    public Dataset<Row> sort(Column... keys) {
        return derive(
                new LogicalPlan.Sort(Arrays.stream(keys).map(Column::sortKey).toList(), plan, Origin.NONE));
    }

    public Dataset<Row> sort(String first, String... others) {
        return sort(named(first, others));
    }

    public Dataset<Row> orderBy(Column... keys) {
        return sort(keys);
    }

    public Dataset<Row> orderBy(String first, String... others) {
        return sort(first, others);
    }

    public Dataset<Row> alias(String name) {
        return derive(new LogicalPlan.SubqueryAlias(name, List.of(), plan));
    }

    public Dataset<Row> as(String name) {
        return alias(name);
    }

    /** Declares event time and how long late rows are waited for, for instance {@code "10 minutes"}. */
    public Dataset<Row> withWatermark(String eventTime, String delay) {
        long millis = session.engine().parseDurationMillis(delay);
        if (millis < 0) {
            throw new AnalysisException(
                    ErrorCode.INVALID_ARGUMENT_VALUE,
                    "The watermark delay must not be negative: '" + delay + "'. Give a duration of zero or more.");
        }
        return derive(new LogicalPlan.WithWatermark(functions.col(eventTime).expression(), millis, plan, Origin.NONE));
    }

    /** Makes this Dataset known to {@link TidemarkSession#sql} under {@code name}. */
    public void createOrReplaceTempView(String name) {
        session.putView(name, plan, true);
    }

    /** As {@link #createOrReplaceTempView}, but an existing view of this name is an error. */
    public void createTempView(String name) {
        if (!session.putView(name, plan, false)) {
            throw new AnalysisException(
                    ErrorCode.INVALID_ARGUMENT_VALUE,
                    "A view named '" + name + "' exists. Choose another name or use createOrReplaceTempView.");
        }
    }

    /** Returns a writer that starts a query with this Dataset's rows. */
    public DataStreamWriter<T> writeStream() {
        return new DataStreamWriter<>(this);
    }

    public void printSchema() {
        System.out.print(schema.treeString());
    }

    /** Prints the physical plan. */
    public void explain() {
        System.out.println(session.engine().explain(plan, session, false));
    }

    public void explain(boolean extended) {
        System.out.println(session.engine().explain(plan, session, extended));
    }

    private static String[] names(String first, String... others) {
        List<String> all = new ArrayList<>();
        all.add(first);
        all.addAll(Arrays.asList(others));
        return all.toArray(String[]::new);
    }

    private static Column[] named(String first, String... others) {
        return Arrays.stream(names(first, others)).map(functions::col).toArray(Column[]::new);
    }

    private Dataset<Row> rows() {
        return new Dataset<>(session, plan, schema);
    }

    private Dataset<Row> derive(LogicalPlan derived) {
        return of(session, derived);
    }

    private static Expression attribute(String name) {
        return new Expression.Attribute(List.of(name), Origin.NONE);
    }
}
