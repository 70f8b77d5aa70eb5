package io.tidemark.runtime.analysis;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.Expression;
import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructField;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.plan.BoundPlan;
import io.tidemark.runtime.plan.BoundPlan.NamedExpression;
import java.util.ArrayList;
import java.util.List;

/** Binds a select list, with or without GROUP BY, and the order that is laid over it. One select list, one thread. */
final class SelectBinder {
    private final AnalysisContext context;
    private final Identities identities;
    private final List<Output> outputs = new ArrayList<>();

    SelectBinder(AnalysisContext context, Identities identities) {
        this.context = context;
        this.identities = identities;
    }

    /**
     * A column of the select list.
     *
     * @param value over the input; aggregates in it are columns behind those of the input
     */
    record Output(Expression written, String name, BoundExpression value) {}

    /** Binds {@code SELECT list FROM input}; with an aggregate in the list all rows are one group. */
    Relation project(List<Expression> list, Relation input, List<LogicalPlan.SortKey> order) {
        if (list.stream().anyMatch(this::aggregates)) {
            Origin origin = list.get(0).origin();
            return aggregate(
                    new LogicalPlan.Aggregate(List.of(), list, null, new LogicalPlan.OneRow(), origin), input, order);
        }
        WindowBinder.Windowed below = WindowBinder.bind(context, input, identities, list);
        ExpressionBinder binder = new ExpressionBinder(context, below.relation()).withWindow(below.window());
        bind(expanded(list, binder), binder);
        outputs.forEach(o -> binder.learn(o.name, o.value));
        List<NamedExpression> values =
                outputs.stream().map(o -> new NamedExpression(o.name, o.value)).toList();
        Ordering ordering = new Ordering(outputs, values, binder.preferringAliases(column -> true), value -> value);
        return result(below.relation(), below.relation().plan(), values, ordering, ordering.keys(order));
    }

    /** Binds {@code SELECT output FROM input GROUP BY grouping HAVING having}; the node's own input is not looked at. */
    Relation aggregate(LogicalPlan.Aggregate node, Relation input, List<LogicalPlan.SortKey> order) {
        List<Expression> all = new ArrayList<>(node.grouping());
        all.addAll(node.output());
        if (node.having() != null) {
            all.add(node.having());
        }
        order.forEach(key -> all.add(key.expression()));
        WindowBinder.Windowed below = WindowBinder.bind(context, input, identities, all);
        Relation windowed = below.relation();
        ExpressionBinder plain = new ExpressionBinder(context, windowed).withWindow(below.window());
        List<Expression> list = expanded(node.output(), plain);
        Grouping grouping = grouping(node, list, plain.with(AggregateUse.NOT_IN_GROUP_BY), windowed);

        AggregateCollector collector =
                new AggregateCollector(windowed.plan().schema().size());
        ExpressionBinder binder = plain.with(collector);
        bind(list, binder);
        outputs.forEach(o -> binder.learn(o.name, o.value));
        BoundExpression condition = node.having() == null
                ? null
                : condition("HAVING", node.having(), binder.preferringAliases(column -> !grouping.uses(column)));
        List<NamedExpression> values = new ArrayList<>();
        for (Output o : outputs) {
            values.add(new NamedExpression(o.name, grouping.onOutput(o.value, o.written.origin())));
        }
        Ordering ordering = new Ordering(
                outputs,
                values,
                binder.preferringAliases(column -> true),
                value -> grouping.onOutput(value, node.origin()));
        List<BoundPlan.SortKey> keys = ordering.keys(order);
        BoundPlan plan = grouping.aggregate(collector.found());
        if (condition != null) {
            plan = new BoundPlan.Filter(
                    grouping.onOutput(condition, node.having().origin()), plan);
        }
        return result(windowed, plan, values, ordering, keys);
    }

    private boolean aggregates(Expression expression) {
        if (expression instanceof Expression.Alias alias) {
            return aggregates(alias.input());
        } else if (expression instanceof Expression.FieldAccess access) {
            return aggregates(access.input());
        } else if (expression instanceof Expression.Cast cast) {
            return aggregates(cast.input());
        }
        return expression instanceof Expression.Call call
                && (isAggregate(call) || call.arguments().stream().anyMatch(this::aggregates));
    }

    private boolean isAggregate(Expression.Call call) {
        return context.functions().find(call.function()).isEmpty()
                && context.aggregates().find(call.function()).isPresent();
    }

    private static List<Expression> expanded(List<Expression> list, ExpressionBinder binder) {
        List<Expression> all = new ArrayList<>();
        for (Expression written : list) {
            all.addAll(written instanceof Expression.Star star ? binder.expand(star) : List.of(written));
        }
        return all;
    }

    private void bind(List<Expression> list, ExpressionBinder binder) {
        ColumnNames names = new ColumnNames(binder);
        for (Expression expression : list) {
            BoundExpression value = binder.bind(expression);
            String name = names.of(expression);
            outputs.add(new Output(expression, name, value));
            if (expression instanceof Expression.Alias) {
                binder.learn(name, value);
            }
        }
    }

    private Grouping grouping(
            LogicalPlan.Aggregate node, List<Expression> list, ExpressionBinder binder, Relation input) {
        Grouping grouping = new Grouping(input.plan());
        ColumnNames names = new ColumnNames(binder);
        List<Expression> keys = isAll(node.grouping(), list, input)
                ? list.stream().filter(e -> !aggregates(e)).toList()
                : node.grouping();
        for (Expression written : keys) {
            Expression key = meant(written, list, input);
            while (key instanceof Expression.Alias alias) {
                key = alias.input();
            }
            grouping.add(binder.bind(key), names.of(key), written.origin());
        }
        return grouping;
    }

    /** {@code GROUP BY ALL}: by everything in the list that does not aggregate. */
    private static boolean isAll(List<Expression> grouping, List<Expression> list, Relation input) {
        return grouping.size() == 1
                && grouping.get(0) instanceof Expression.Attribute a
                && a.nameParts().size() == 1
                && a.nameParts().get(0).equalsIgnoreCase("all")
                && meant(a, list, input) == a
                && input.scope().find(a.nameParts(), a.origin()) == null;
    }

    /** A key that is a number means the column of the list at that place; a name that is no column means an alias. */
    private static Expression meant(Expression key, List<Expression> list, Relation input) {
        if (key instanceof Expression.Literal literal && literal.value() instanceof Integer place) {
            return list.get(checkedPosition("GROUP BY", place, list.size(), key.origin()));
        } else if (key instanceof Expression.Attribute a
                && a.nameParts().size() == 1
                && input.scope().find(a.nameParts(), a.origin()) == null) {
            for (Expression e : list) {
                if (e instanceof Expression.Alias alias
                        && alias.name().equalsIgnoreCase(a.nameParts().get(0))) {
                    return alias;
                }
            }
        }
        return key;
    }

    /** Returns the index of a position counted from 1. */
    static int checkedPosition(String clause, int position, int count, Origin origin) {
        if (position < 1 || position > count) {
            throw new AnalysisException(
                    ErrorCode.POSITION_OUT_OF_RANGE,
                    clause + " position " + position + " is not in the select list: valid are 1 to " + count + ".",
                    origin);
        }
        return position - 1;
    }

    /** Binds a condition, which must be boolean. */
    static BoundExpression condition(String clause, Expression written, ExpressionBinder binder) {
        BoundExpression condition = binder.bind(written);
        if (condition.type() == AtomicType.NULL) {
            return new Constant(null, AtomicType.BOOLEAN);
        } else if (condition.type() != AtomicType.BOOLEAN) {
            throw new AnalysisException(
                    ErrorCode.TYPE_MISMATCH,
                    clause + " expression \"" + new ColumnNames(binder).of(written) + "\" of type "
                            + condition.type().sql() + " is not a boolean. Compare it with something.",
                    written.origin());
        }
        return condition;
    }

    private Relation result(
            Relation input,
            BoundPlan below,
            List<NamedExpression> values,
            Ordering ordering,
            List<BoundPlan.SortKey> keys) {
        List<Scope.Column> columns = new ArrayList<>();
        for (Output o : outputs) {
            columns.add(column(o, input.scope()));
        }
        List<NamedExpression> wide = new ArrayList<>(values);
        wide.addAll(ordering.hidden());
        BoundPlan plan = new BoundPlan.Project(wide, below);
        if (!keys.isEmpty()) {
            plan = new BoundPlan.Sort(keys, plan);
        }
        if (!ordering.hidden().isEmpty()) {
            plan = new BoundPlan.Project(columns(values), plan);
        }
        return new Relation(plan, new Scope(columns));
    }

    private static List<NamedExpression> columns(List<NamedExpression> values) {
        List<NamedExpression> columns = new ArrayList<>();
        for (NamedExpression e : values) {
            columns.add(new NamedExpression(
                    e.name(),
                    new ColumnRef(
                            columns.size(),
                            e.name(),
                            e.value().type(),
                            e.value().nullable())));
        }
        return columns;
    }

    /** A column that is only passed on keeps its qualifier and is still the same column. */
    private Scope.Column column(Output o, Scope input) {
        boolean byStar = o.written instanceof Expression.Alias alias && ExpressionBinder.place(alias.input()) >= 0;
        int known = input.columns().size() + input.further().size();
        if (o.value instanceof ColumnRef ref
                && ref.ordinal() < known
                && (byStar || o.written instanceof Expression.Attribute)) {
            return input.at(ref.ordinal()).named(o.name);
        }
        return identities.fresh(new StructField(o.name, o.value.type(), o.value.nullable()));
    }
}
