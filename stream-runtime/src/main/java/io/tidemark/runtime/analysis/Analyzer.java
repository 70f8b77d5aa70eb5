package io.tidemark.runtime.analysis;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.Expression;
import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.Identifiers;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.checkpoint.format.ScalaMapOrder;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.plan.BoundPlan;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Resolves and types a plan. Sources are numbered as they are met in pre-order: K by distinct relation, leaves by
 * occurrence. One use, one thread.
 */
public final class Analyzer {
    private final AnalysisContext context;
    private final TreeMap<Long, Integer> sources = new TreeMap<>();
    private final List<String> openViews = new ArrayList<>();
    private int leaves;
    private final Identities identities = new Identities();

    private Analyzer(AnalysisContext context) {
        this.context = context;
    }

    /**
     * Returns what {@code plan} means.
     *
     * @throws AnalysisException if it means nothing, or something that is not supported; with its place in the text
     */
    public static BoundPlan analyze(LogicalPlan plan, AnalysisContext context) {
        return new Analyzer(context).resolve(plan, null).plan();
    }

    private Relation resolve(LogicalPlan plan, @Nullable CteScope ctes) {
        if (plan instanceof LogicalPlan.StreamRead read) {
            return scan(read);
        } else if (plan instanceof LogicalPlan.UnresolvedRelation name) {
            return named(name, ctes);
        } else if (plan instanceof LogicalPlan.SubqueryAlias alias) {
            return aliased(resolve(alias.input(), ctes), alias);
        } else if (plan instanceof LogicalPlan.With with) {
            return with(with, ctes);
        } else if (plan instanceof LogicalPlan.Project || plan instanceof LogicalPlan.Aggregate) {
            return select(plan, List.of(), ctes);
        } else if (plan instanceof LogicalPlan.Filter filter) {
            return filter(filter, ctes);
        } else if (plan instanceof LogicalPlan.Union union) {
            List<Relation> inputs =
                    union.inputs().stream().map(i -> resolve(i, ctes)).toList();
            return union(inputs, union);
        } else if (plan instanceof LogicalPlan.WithWatermark watermark) {
            return watermark(watermark, ctes);
        } else if (plan instanceof LogicalPlan.Distinct distinct) {
            return distinct(resolve(distinct.input(), ctes), distinct.origin());
        } else if (plan instanceof LogicalPlan.Deduplicate deduplicate) {
            return deduplicate(resolve(deduplicate.input(), ctes), deduplicate);
        } else if (plan instanceof LogicalPlan.Limit limit) {
            return limit(resolve(limit.input(), ctes), limit);
        } else if (plan instanceof LogicalPlan.Sort sort) {
            return sort(sort, ctes);
        }
        throw Unsupported.clause("A SELECT without FROM", Origin.NONE);
    }

    // relations

    private Relation scan(LogicalPlan.StreamRead read) {
        int source = sources.computeIfAbsent(read.relationId(), id -> sources.size());
        StructType schema = context.schemas().apply(read);
        return new Relation(new BoundPlan.Scan(read, source, leaves++, schema, schema), identities.fresh(schema));
    }

    private Relation named(LogicalPlan.UnresolvedRelation relation, @Nullable CteScope ctes) {
        List<String> parts = relation.nameParts();
        String name = parts.get(parts.size() - 1);
        if (parts.size() == 1) {
            CteScope cte = CteScope.find(ctes, name).orElse(null);
            if (cte != null) {
                return aliased(resolve(cte.definition().input(), cte.outer()), cte.definition());
            }
            LogicalPlan view = context.views().apply(name).orElse(null);
            if (view != null) {
                return view(name, view, relation.origin());
            }
        }
        throw new AnalysisException(
                ErrorCode.UNRESOLVED_TABLE,
                "The table or view "
                        + parts.stream().map(Identifiers::quote).collect(Collectors.joining("."))
                        + " cannot be found." + Suggestions.question(name, context.viewNames()),
                relation.origin());
    }

    private Relation view(String name, LogicalPlan plan, Origin origin) {
        String key = name.toLowerCase(Locale.ROOT);
        if (openViews.contains(key)) {
            throw new AnalysisException(
                    ErrorCode.UNRESOLVED_TABLE,
                    "The view " + Identifiers.quote(name) + " is defined by itself: " + String.join(" -> ", openViews)
                            + " -> " + key + ". Give one of them another name.",
                    origin);
        }
        openViews.add(key);
        Relation resolved = resolve(plan, null);
        openViews.remove(openViews.size() - 1);
        return qualified(resolved, name);
    }

    private static Relation qualified(Relation relation, String name) {
        return new Relation(
                relation.plan(),
                new Scope(relation.scope().columns().stream()
                        .map(c -> c.qualified(name))
                        .toList()));
    }

    private static Relation aliased(Relation input, LogicalPlan.SubqueryAlias alias) {
        if (alias.columnNames().isEmpty()) {
            return qualified(input, alias.name());
        }
        List<Scope.Column> columns = input.scope().columns();
        if (alias.columnNames().size() != columns.size()) {
            throw new AnalysisException(
                    ErrorCode.WRONG_ARGUMENT_COUNT,
                    "The alias " + Identifiers.quote(alias.name()) + " names "
                            + alias.columnNames().size() + " columns, but its query has " + columns.size()
                            + ". Name all of them or none.");
        }
        List<BoundPlan.NamedExpression> renamed = new ArrayList<>();
        List<Scope.Column> named = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Scope.Column c = columns.get(i);
            String name = alias.columnNames().get(i);
            renamed.add(new BoundPlan.NamedExpression(name, new ColumnRef(i, c.name(), c.type(), c.nullable())));
            named.add(c.named(name).qualified(alias.name()));
        }
        return new Relation(new BoundPlan.Project(renamed, input.plan()), new Scope(named));
    }

    private Relation with(LogicalPlan.With with, @Nullable CteScope outer) {
        CteScope ctes = outer;
        for (LogicalPlan.SubqueryAlias definition : with.definitions()) {
            ctes = new CteScope(ctes, definition);
        }
        return resolve(with.body(), ctes);
    }

    // operators

    /** A select list, aggregated or not, with the order laid over it. */
    private Relation select(LogicalPlan plan, List<LogicalPlan.SortKey> order, @Nullable CteScope ctes) {
        SelectBinder binder = new SelectBinder(context, identities);
        if (plan instanceof LogicalPlan.Aggregate aggregate) {
            return binder.aggregate(aggregate, from(aggregate.input(), aggregate.output(), ctes), order);
        }
        LogicalPlan.Project project = (LogicalPlan.Project) plan;
        return binder.project(project.expressions(), from(project.input(), project.expressions(), ctes), order);
    }

    private Relation from(LogicalPlan input, List<Expression> list, @Nullable CteScope ctes) {
        if (input instanceof LogicalPlan.OneRow) {
            throw Unsupported.clause(
                    "A SELECT without FROM",
                    list.isEmpty() ? Origin.NONE : list.get(0).origin());
        }
        return resolve(input, ctes);
    }

    /** A window in the condition becomes a column that the rows have from there on, as in Spark. */
    private Relation filter(LogicalPlan.Filter filter, @Nullable CteScope ctes) {
        Relation input = resolve(filter.input(), ctes);
        WindowBinder.Windowed windowed = WindowBinder.bind(context, input, identities, List.of(filter.condition()));
        Relation below = windowed.relation();
        ExpressionBinder binder = new ExpressionBinder(context, below)
                .with(AggregateUse.NOT_IN_WHERE)
                .withWindow(windowed.window());
        BoundExpression condition = SelectBinder.condition("Filter", filter.condition(), binder);
        BoundPlan filtered = new BoundPlan.Filter(condition, below.plan());
        return windowed.window() == null ? input.over(filtered) : windowFirst(filtered, below.scope());
    }

    private static Relation windowFirst(BoundPlan plan, Scope scope) {
        StructType schema = plan.schema();
        int last = schema.size() - 1;
        List<BoundPlan.NamedExpression> expressions = new ArrayList<>();
        List<Scope.Column> columns = new ArrayList<>();
        for (int i = 0; i <= last; i++) {
            int place = i == 0 ? last : i - 1;
            expressions.add(new BoundPlan.NamedExpression(schema.field(place).name(), reference(schema, place)));
            columns.add(scope.at(place));
        }
        return new Relation(new BoundPlan.Project(expressions, plan), new Scope(columns));
    }

    /** Keeps one of equal rows: a grouping by all columns that aggregates nothing, as in Spark. */
    private Relation distinct(Relation input, Origin origin) {
        StructType schema = input.plan().schema();
        Grouping grouping = new Grouping(input.plan());
        List<BoundPlan.NamedExpression> columns = new ArrayList<>();
        for (int i = 0; i < schema.size(); i++) {
            BoundExpression column = reference(schema, i);
            grouping.add(column, schema.field(i).name(), origin);
            columns.add(new BoundPlan.NamedExpression(schema.field(i).name(), grouping.onOutput(column, origin)));
        }
        return input.over(new BoundPlan.Project(columns, grouping.aggregate(List.of())));
    }

    private static ColumnRef reference(StructType schema, int place) {
        StructField field = schema.field(place);
        return new ColumnRef(place, field.name(), field.dataType(), field.nullable());
    }

    /** The key has its columns in the order of a Scala set of their names, as Spark's state has them. */
    private static Relation deduplicate(Relation input, LogicalPlan.Deduplicate deduplicate) {
        StructType schema = input.plan().schema();
        List<String> names = deduplicate.columns().isEmpty() ? schema.fieldNames() : deduplicate.columns();
        List<Integer> keys = new ArrayList<>();
        for (String name : ScalaMapOrder.of(new LinkedHashSet<>(names), String::hashCode)) {
            List<Integer> found = schema.indexesOfIgnoringCase(name);
            if (found.isEmpty()) {
                throw new AnalysisException(
                        ErrorCode.UNRESOLVED_COLUMN,
                        "Cannot resolve column name " + Identifiers.quote(name) + " among ("
                                + String.join(", ", schema.fieldNames()) + ")."
                                + Suggestions.question(name, schema.fieldNames()),
                        deduplicate.origin());
            }
            keys.addAll(found);
        }
        for (int key : keys) {
            Grouping.requireComparable(
                    schema.field(key).dataType(), schema.field(key).name(), deduplicate.origin());
        }
        return input.over(new BoundPlan.Deduplicate(keys, deduplicate.withinWatermark(), input.plan()));
    }

    private Relation limit(Relation input, LogicalPlan.Limit limit) {
        Scope nothing = new Scope(List.of());
        BoundExpression count = new ExpressionBinder(context, new Relation(input.plan(), nothing)).bind(limit.count());
        if (!(count instanceof Constant constant) || count.type() != AtomicType.INT || constant.value() == null) {
            throw new AnalysisException(
                    ErrorCode.INVALID_ARGUMENT_VALUE,
                    "The limit must be a constant of type INT, but is "
                            + new ColumnNames(new ExpressionBinder(context, input)).of(limit.count()) + " of type "
                            + count.type().sql() + ".",
                    limit.origin());
        }
        int rows = (Integer) constant.value();
        if (rows < 0) {
            throw new AnalysisException(
                    ErrorCode.INVALID_ARGUMENT_VALUE,
                    "The limit must be equal to or greater than 0, but is " + rows + ".",
                    limit.origin());
        }
        return input.over(new BoundPlan.Limit(rows, input.plan()));
    }

    private Relation sort(LogicalPlan.Sort sort, @Nullable CteScope ctes) {
        if (sort.input() instanceof LogicalPlan.Project || sort.input() instanceof LogicalPlan.Aggregate) {
            return select(sort.input(), sort.keys(), ctes);
        }
        Relation input = resolve(sort.input(), ctes);
        StructType schema = input.plan().schema();
        ExpressionBinder binder = new ExpressionBinder(context, input);
        List<BoundPlan.SortKey> keys = new ArrayList<>();
        for (LogicalPlan.SortKey key : sort.keys()) {
            Expression written = key.expression();
            BoundExpression value = written instanceof Expression.Literal literal
                            && literal.value() instanceof Integer position
                    ? reference(
                            schema, SelectBinder.checkedPosition("ORDER BY", position, schema.size(), written.origin()))
                    : binder.bind(written);
            Ordering.requireOrder(value, written);
            keys.add(new BoundPlan.SortKey(value, key.ascending(), key.nullsFirst()));
        }
        return input.over(new BoundPlan.Sort(keys, input.plan()));
    }

    private Relation union(List<Relation> inputs, LogicalPlan.Union union) {
        List<BoundPlan> plans = inputs.stream().map(Relation::plan).toList();
        BoundPlan.Union bound = new UnionBinder(context, union.origin()).bind(plans, union.matching());
        return new Relation(bound, identities.fresh(bound.schema()));
    }

    private Relation watermark(LogicalPlan.WithWatermark watermark, @Nullable CteScope ctes) {
        Relation input = resolve(watermark.input(), ctes);
        ExpressionBinder binder = new ExpressionBinder(context, input);
        BoundExpression column = binder.bind(watermark.column());
        String name = new ColumnNames(binder).of(watermark.column());
        Origin origin = watermark.origin().isKnown()
                ? watermark.origin()
                : watermark.column().origin();
        if (column.type() != AtomicType.TIMESTAMP) {
            throw new AnalysisException(
                    ErrorCode.TYPE_MISMATCH,
                    "The event time " + Identifiers.quote(name) + " has the invalid type \""
                            + column.type().sql() + "\", but expected \"TIMESTAMP\". Convert it with to_timestamp.",
                    origin);
        }
        if (!(column instanceof ColumnRef ref)) {
            throw new AnalysisException(
                    ErrorCode.UNRESOLVED_COLUMN,
                    "A watermark needs a column of its own, but " + Identifiers.quote(name)
                            + " is part of another or computed. Select it under a name first.",
                    origin);
        }
        return new Relation(
                new BoundPlan.Watermark(ref.ordinal(), watermark.delayMillis(), input.plan()), input.scope());
    }
}
