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
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.plan.BoundPlan;
import java.util.ArrayList;
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
    private long identities;

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

    /** A resolved relation and how its columns can be named. */
    private record Relation(BoundPlan plan, Scope scope) {}

    private Relation resolve(LogicalPlan plan, @Nullable CteScope ctes) {
        if (plan instanceof LogicalPlan.StreamRead read) {
            return scan(read);
        } else if (plan instanceof LogicalPlan.UnresolvedRelation name) {
            return named(name, ctes);
        } else if (plan instanceof LogicalPlan.SubqueryAlias alias) {
            return aliased(resolve(alias.input(), ctes), alias);
        } else if (plan instanceof LogicalPlan.With with) {
            return with(with, ctes);
        } else if (plan instanceof LogicalPlan.Project project) {
            return project(project, ctes);
        } else if (plan instanceof LogicalPlan.Filter filter) {
            return filter(filter, ctes);
        } else if (plan instanceof LogicalPlan.Union union) {
            List<Relation> inputs =
                    union.inputs().stream().map(i -> resolve(i, ctes)).toList();
            return union(inputs, union);
        } else if (plan instanceof LogicalPlan.WithWatermark watermark) {
            return watermark(watermark, ctes);
        }
        throw stateful(plan);
    }

    // relations

    private Relation scan(LogicalPlan.StreamRead read) {
        int source = sources.computeIfAbsent(read.relationId(), id -> sources.size());
        StructType schema = context.schemas().apply(read);
        return new Relation(new BoundPlan.Scan(read, source, leaves++, schema, schema), fresh(schema));
    }

    private Scope fresh(StructType schema) {
        List<Scope.Column> columns = new ArrayList<>();
        for (StructField f : schema.fields()) {
            columns.add(new Scope.Column(f.name(), null, f.dataType(), f.nullable(), identities++));
        }
        return new Scope(columns);
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
                relation.plan,
                new Scope(relation.scope.columns().stream()
                        .map(c -> c.qualified(name))
                        .toList()));
    }

    private static Relation aliased(Relation input, LogicalPlan.SubqueryAlias alias) {
        if (alias.columnNames().isEmpty()) {
            return qualified(input, alias.name());
        }
        List<Scope.Column> columns = input.scope.columns();
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
        return new Relation(new BoundPlan.Project(renamed, input.plan), new Scope(named));
    }

    private Relation with(LogicalPlan.With with, @Nullable CteScope outer) {
        CteScope ctes = outer;
        for (LogicalPlan.SubqueryAlias definition : with.definitions()) {
            ctes = new CteScope(ctes, definition);
        }
        return resolve(with.body(), ctes);
    }

    // operators

    private Relation project(LogicalPlan.Project project, @Nullable CteScope ctes) {
        if (project.input() instanceof LogicalPlan.OneRow) {
            Origin origin = project.expressions().isEmpty()
                    ? Origin.NONE
                    : project.expressions().get(0).origin();
            throw Unsupported.clause("A SELECT without FROM", origin);
        }
        Relation input = resolve(project.input(), ctes);
        ExpressionBinder binder = new ExpressionBinder(context, input.scope);
        ColumnNames names = new ColumnNames(binder);
        List<BoundPlan.NamedExpression> expressions = new ArrayList<>();
        List<Scope.Column> columns = new ArrayList<>();
        for (Expression written : project.expressions()) {
            List<? extends Expression> expanded =
                    written instanceof Expression.Star star ? binder.expand(star) : List.of(written);
            for (Expression expression : expanded) {
                BoundExpression value = binder.bind(expression);
                String name = names.of(expression);
                expressions.add(new BoundPlan.NamedExpression(name, value));
                columns.add(column(name, expression, value, input.scope));
                if (expression instanceof Expression.Alias) {
                    binder.learn(name, value);
                }
            }
        }
        return new Relation(new BoundPlan.Project(expressions, input.plan), new Scope(columns));
    }

    /** A column that is only passed on keeps its qualifier and is still the same column. */
    private Scope.Column column(String name, Expression expression, BoundExpression value, Scope input) {
        boolean byStar = expression instanceof Expression.Alias alias && ExpressionBinder.place(alias.input()) >= 0;
        if (value instanceof ColumnRef ref && (byStar || expression instanceof Expression.Attribute)) {
            return input.columns().get(ref.ordinal()).named(name);
        }
        return new Scope.Column(name, null, value.type(), value.nullable(), identities++);
    }

    private Relation filter(LogicalPlan.Filter filter, @Nullable CteScope ctes) {
        Relation input = resolve(filter.input(), ctes);
        ExpressionBinder binder = new ExpressionBinder(context, input.scope);
        BoundExpression condition = binder.bind(filter.condition());
        if (condition.type() == AtomicType.NULL) {
            condition = new Constant(null, AtomicType.BOOLEAN);
        } else if (condition.type() != AtomicType.BOOLEAN) {
            Origin origin = filter.condition().origin();
            throw new AnalysisException(
                    ErrorCode.TYPE_MISMATCH,
                    "Filter expression \"" + new ColumnNames(binder).of(filter.condition()) + "\" of type "
                            + condition.type().sql() + " is not a boolean. Compare it with something.",
                    origin);
        }
        return new Relation(new BoundPlan.Filter(condition, input.plan), input.scope);
    }

    private Relation union(List<Relation> inputs, LogicalPlan.Union union) {
        List<BoundPlan> plans = inputs.stream().map(Relation::plan).toList();
        BoundPlan.Union bound = new UnionBinder(context, union.origin()).bind(plans, union.matching());
        return new Relation(bound, fresh(bound.schema()));
    }

    private Relation watermark(LogicalPlan.WithWatermark watermark, @Nullable CteScope ctes) {
        Relation input = resolve(watermark.input(), ctes);
        ExpressionBinder binder = new ExpressionBinder(context, input.scope);
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
        return new Relation(new BoundPlan.Watermark(ref.ordinal(), watermark.delayMillis(), input.plan), input.scope);
    }

    private static AnalysisException stateful(LogicalPlan plan) {
        if (plan instanceof LogicalPlan.Aggregate aggregate) {
            boolean grouped = !aggregate.grouping().isEmpty() || aggregate.having() == null;
            return Unsupported.clause(grouped ? "GROUP BY" : "HAVING", aggregate.origin());
        } else if (plan instanceof LogicalPlan.Deduplicate distinct) {
            String word = distinct.origin().text().toUpperCase(Locale.ROOT);
            String clause = word.equals("UNION")
                    ? "UNION without ALL"
                    : word.equals("DISTINCT") ? "SELECT DISTINCT" : "dropDuplicates";
            return Unsupported.clause(clause, distinct.origin());
        } else if (plan instanceof LogicalPlan.Limit limit) {
            return Unsupported.clause("LIMIT", limit.origin());
        } else if (plan instanceof LogicalPlan.Sort sort) {
            return Unsupported.clause("ORDER BY", sort.origin());
        }
        return Unsupported.clause("A SELECT without FROM", Origin.NONE);
    }
}
