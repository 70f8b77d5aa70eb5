package io.tidemark.runtime.optimizer;

import io.tidemark.api.types.AtomicType;
import io.tidemark.runtime.aggregate.AggregateCall;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.plan.BoundPlan;
import io.tidemark.runtime.plan.BoundPlan.NamedAggregate;
import io.tidemark.runtime.plan.BoundPlan.NamedExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Gives aggregations the shape that Spark's optimiser gives them, for it is the shape of their state: constants are no
 * keys, aggregates stand in the order in which the projection above first reads them, and of two groupings of which one
 * says nothing new only one is left.
 */
final class Groups {
    private static final Set<String> SAME_FOR_EQUAL_ROWS = Set.of("min", "max", "bit_and", "bit_or", "collect_set");

    private Groups() {}

    static BoundPlan apply(BoundPlan plan) {
        if (plan instanceof BoundPlan.Aggregate aggregate) {
            return aggregate.grouping().stream().anyMatch(key -> isDroppable(key, aggregate))
                    ? withoutConstants(aggregate)
                    : withoutRedundant(aggregate);
        }
        return plan;
    }

    /** If all keys are constants one is left: a group of no rows must not come into being. */
    private static boolean isDroppable(NamedExpression key, BoundPlan.Aggregate aggregate) {
        boolean only = aggregate.grouping().size() == 1;
        return key.value() instanceof Constant constant
                && !(only && Integer.valueOf(0).equals(constant.value()));
    }

    private static BoundPlan withoutConstants(BoundPlan.Aggregate aggregate) {
        List<NamedExpression> keys = new ArrayList<>();
        List<NamedExpression> output = new ArrayList<>();
        int session = -1;
        for (int i = 0; i < aggregate.grouping().size(); i++) {
            NamedExpression key = aggregate.grouping().get(i);
            if (key.value() instanceof Constant) {
                output.add(key);
            } else {
                session = i == aggregate.session() ? keys.size() : session;
                output.add(new NamedExpression(key.name(), reference(keys.size(), key)));
                keys.add(key);
            }
        }
        if (keys.isEmpty()) {
            keys.add(new NamedExpression("0", new Constant(0, AtomicType.INT)));
        }
        for (NamedAggregate a : aggregate.aggregates()) {
            int place = keys.size() + output.size() - aggregate.grouping().size();
            output.add(new NamedExpression(
                    a.name(),
                    new ColumnRef(place, a.name(), a.call().type(), a.call().nullable())));
        }
        return new BoundPlan.Project(
                output, new BoundPlan.Aggregate(keys, aggregate.aggregates(), session, aggregate.input()));
    }

    private static ColumnRef reference(int place, NamedExpression column) {
        return new ColumnRef(
                place, column.name(), column.value().type(), column.value().nullable());
    }

    /** Brings the aggregates into the order in which {@code project} reads them. */
    static BoundPlan.Project ordered(BoundPlan.Project project, BoundPlan.Aggregate aggregate) {
        int keys = aggregate.grouping().size();
        List<Integer> order = new ArrayList<>();
        project.expressions()
                .forEach(e -> Rewrite.visit(e.value(), part -> {
                    if (part instanceof ColumnRef column
                            && column.ordinal() >= keys
                            && !order.contains(column.ordinal())) {
                        order.add(column.ordinal());
                    }
                }));
        for (int i = keys; i < aggregate.schema().size(); i++) {
            if (!order.contains(i)) {
                order.add(i);
            }
        }
        List<NamedAggregate> aggregates = new ArrayList<>();
        order.forEach(place -> aggregates.add(aggregate.aggregates().get(place - keys)));
        List<NamedExpression> expressions = new ArrayList<>();
        project.expressions()
                .forEach(e -> expressions.add(new NamedExpression(
                        e.name(),
                        Rewrite.bottomUp(
                                e.value(),
                                part -> part instanceof ColumnRef c && c.ordinal() >= keys
                                        ? new ColumnRef(
                                                keys + order.indexOf(c.ordinal()), c.name(), c.type(), c.nullable())
                                        : part))));
        return new BoundPlan.Project(
                expressions,
                new BoundPlan.Aggregate(aggregate.grouping(), aggregates, aggregate.session(), aggregate.input()));
    }

    /**
     * A grouping over another one: if it keeps all keys of that it meets each of its groups once; if that only made rows
     * different and nothing here counts equal rows, it is not needed.
     */
    private static BoundPlan withoutRedundant(BoundPlan.Aggregate outer) {
        BoundPlan.Project between = outer.input() instanceof BoundPlan.Project p ? p : null;
        BoundPlan below = between == null ? outer.input() : between.input();
        if (!(below instanceof BoundPlan.Aggregate inner)) {
            return outer;
        }
        UnaryOperator<BoundExpression> onInner =
                value -> between == null ? value : Rewrite.inline(value, between.expressions());
        if (outer.aggregates().isEmpty() && keepsAllKeys(outer, inner, onInner)) {
            return new BoundPlan.Project(outer.grouping(), outer.input());
        } else if (inner.aggregates().isEmpty() && !inner.grouping().isEmpty() && ignoresEqualRows(outer)) {
            UnaryOperator<BoundExpression> onInput = value -> Rewrite.inline(onInner.apply(value), inner.grouping());
            return new BoundPlan.Aggregate(
                    outer.grouping().stream()
                            .map(key -> new NamedExpression(key.name(), onInput.apply(key.value())))
                            .toList(),
                    outer.aggregates().stream().map(a -> rewritten(a, onInput)).toList(),
                    outer.session(),
                    inner.input());
        }
        return outer;
    }

    private static boolean keepsAllKeys(
            BoundPlan.Aggregate outer, BoundPlan.Aggregate inner, UnaryOperator<BoundExpression> onInner) {
        boolean[] kept = new boolean[inner.grouping().size()];
        for (NamedExpression key : outer.grouping()) {
            if (onInner.apply(key.value()) instanceof ColumnRef column && column.ordinal() < kept.length) {
                kept[column.ordinal()] = true;
            }
        }
        boolean all = true;
        for (boolean one : kept) {
            all &= one;
        }
        return all;
    }

    private static boolean ignoresEqualRows(BoundPlan.Aggregate aggregate) {
        return aggregate.aggregates().stream()
                .allMatch(a -> SAME_FOR_EQUAL_ROWS.contains(a.call().function().name()));
    }

    private static NamedAggregate rewritten(NamedAggregate aggregate, UnaryOperator<BoundExpression> rule) {
        AggregateCall call = aggregate.call();
        return new NamedAggregate(
                aggregate.name(),
                new AggregateCall(
                        call.function(),
                        call.arguments().stream().map(rule).toList(),
                        call.filter() == null ? null : rule.apply(call.filter())));
    }
}
