package io.tidemark.runtime.optimizer;

import static java.util.Objects.requireNonNull;

import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.runtime.aggregate.AggregateCall;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import io.tidemark.runtime.expression.FieldAccessFunction;
import io.tidemark.runtime.plan.BoundPlan;
import io.tidemark.runtime.plan.BoundPlan.NamedExpression;
import io.tidemark.runtime.plan.EventTimes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Drops what nobody reads: columns down to the scans, and fields of structs down to the {@code from_json} that makes
 * them. On its way down it carries what is needed of each column; on its way up, what it got and where it now stands.
 */
final class ColumnPruning {
    private ColumnPruning() {}

    /** Returns a plan with the same schema. */
    static BoundPlan prune(BoundPlan plan) {
        @Nullable Need[] all = new @Nullable Need[plan.schema().size()];
        Arrays.fill(all, Need.ALL);
        return exactly(prune(plan, all), plan.schema(), all);
    }

    /**
     * A relation that has at least what was asked for.
     *
     * @param places where each column of the relation as it was stands now, or -1
     * @param given how much of each column there is; at least what was asked for
     */
    private record Pruned(BoundPlan plan, int[] places, @Nullable Need[] given) {
        static Pruned same(BoundPlan plan, Pruned input) {
            return new Pruned(plan, input.places, input.given);
        }
    }

    private static Pruned prune(BoundPlan plan, @Nullable Need[] needs) {
        if (plan instanceof BoundPlan.Scan scan) {
            return scan(scan, needs);
        } else if (plan instanceof BoundPlan.Project project) {
            return project(project, needs);
        } else if (plan instanceof BoundPlan.Filter filter) {
            @Nullable Need[] more = needs.clone();
            collect(filter.condition(), Need.ALL, more);
            Pruned input = prune(filter.input(), more);
            return Pruned.same(
                    new BoundPlan.Filter(rewritten(filter.condition(), Need.ALL, input).value, input.plan), input);
        } else if (plan instanceof BoundPlan.Watermark watermark) {
            @Nullable Need[] more = needs.clone();
            more[watermark.column()] = Need.ALL;
            Pruned input = prune(watermark.input(), more);
            return Pruned.same(
                    new BoundPlan.Watermark(input.places[watermark.column()], watermark.delayMillis(), input.plan),
                    input);
        }
        return plan instanceof BoundPlan.Union union ? union(union, needs) : stateful(plan, needs);
    }

    private static Pruned stateful(BoundPlan plan, @Nullable Need[] needs) {
        if (plan instanceof BoundPlan.TimeWindow window) {
            Pruned input = prune(window.input(), below(needs, window.time()));
            return appended(
                    new BoundPlan.TimeWindow(
                            rewritten(window.time(), Need.ALL, input).value,
                            window.windowMicros(),
                            window.slideMicros(),
                            window.startMicros(),
                            window.name(),
                            input.plan),
                    input);
        } else if (plan instanceof BoundPlan.SessionStart session) {
            Pruned input = prune(session.input(), below(needs, session.time(), session.gapMicros()));
            return appended(
                    new BoundPlan.SessionStart(
                            rewritten(session.time(), Need.ALL, input).value,
                            rewritten(session.gapMicros(), Need.ALL, input).value,
                            session.name(),
                            input.plan),
                    input);
        } else if (plan instanceof BoundPlan.Aggregate aggregate) {
            return aggregate(aggregate, needs);
        } else if (plan instanceof BoundPlan.Deduplicate deduplicate) {
            return deduplicate(deduplicate, needs);
        } else if (plan instanceof BoundPlan.Sort sort) {
            @Nullable Need[] more = needs.clone();
            sort.keys().forEach(key -> collect(key.value(), Need.ALL, more));
            Pruned input = prune(sort.input(), more);
            List<BoundPlan.SortKey> keys = sort.keys().stream()
                    .map(key -> new BoundPlan.SortKey(
                            rewritten(key.value(), Need.ALL, input).value, key.ascending(), key.nullsFirst()))
                    .toList();
            return Pruned.same(new BoundPlan.Sort(keys, input.plan), input);
        }
        Pruned input = prune(plan.inputs().get(0), needs);
        return Pruned.same(plan.withInputs(List.of(input.plan)), input);
    }

    /** Returns what is needed below an operator that appends a column computed from {@code values}. */
    private static @Nullable Need[] below(@Nullable Need[] needs, BoundExpression... values) {
        @Nullable Need[] below = Arrays.copyOf(needs, needs.length - 1);
        for (BoundExpression value : values) {
            collect(value, Need.ALL, below);
        }
        return below;
    }

    private static Pruned appended(BoundPlan plan, Pruned input) {
        int[] places = Arrays.copyOf(input.places, input.places.length + 1);
        @Nullable Need[] given = Arrays.copyOf(input.given, input.given.length + 1);
        places[input.places.length] = plan.schema().size() - 1;
        given[input.given.length] = Need.ALL;
        return new Pruned(plan, places, given);
    }

    /** Keys stay, for they say what a group is; an aggregate that nobody reads goes, and its state with it. */
    private static Pruned aggregate(BoundPlan.Aggregate aggregate, @Nullable Need[] needs) {
        int keys = aggregate.grouping().size();
        @Nullable Need[] below = new @Nullable Need[aggregate.input().schema().size()];
        aggregate.grouping().forEach(key -> collect(key.value(), Need.ALL, below));
        for (int i = 0; i < aggregate.aggregates().size(); i++) {
            if (needs[keys + i] != null) {
                AggregateCall call = aggregate.aggregates().get(i).call();
                call.arguments().forEach(argument -> collect(argument, Need.ALL, below));
                if (call.filter() != null) {
                    collect(call.filter(), Need.ALL, below);
                }
            }
        }
        Pruned input = prune(aggregate.input(), below);
        List<NamedExpression> grouping = aggregate.grouping().stream()
                .map(key -> new NamedExpression(key.name(), rewritten(key.value(), Need.ALL, input).value))
                .toList();
        List<BoundPlan.NamedAggregate> kept = new ArrayList<>();
        int[] places = new int[needs.length];
        @Nullable Need[] given = new @Nullable Need[needs.length];
        for (int i = 0; i < needs.length; i++) {
            places[i] = i < keys ? i : needs[i] == null ? -1 : keys + kept.size();
            given[i] = i < keys || needs[i] != null ? Need.ALL : null;
            if (i >= keys && needs[i] != null) {
                kept.add(rewritten(aggregate.aggregates().get(i - keys), input));
            }
        }
        return new Pruned(new BoundPlan.Aggregate(grouping, kept, aggregate.session(), input.plan), places, given);
    }

    private static BoundPlan.NamedAggregate rewritten(BoundPlan.NamedAggregate aggregate, Pruned input) {
        AggregateCall call = aggregate.call();
        return new BoundPlan.NamedAggregate(
                aggregate.name(),
                new AggregateCall(
                        call.function(),
                        call.arguments().stream()
                                .map(argument -> rewritten(argument, Need.ALL, input).value)
                                .toList(),
                        call.filter() == null ? null : rewritten(call.filter(), Need.ALL, input).value));
    }

    /** Within a watermark the event time is read too, for it says when a key may be forgotten. */
    private static Pruned deduplicate(BoundPlan.Deduplicate deduplicate, @Nullable Need[] needs) {
        @Nullable Need[] more = needs.clone();
        deduplicate.keys().forEach(key -> more[key] = Need.ALL);
        if (deduplicate.withinWatermark()) {
            EventTimes.column(deduplicate.input()).ifPresent(column -> more[column] = Need.ALL);
        }
        Pruned input = prune(deduplicate.input(), more);
        List<Integer> keys =
                deduplicate.keys().stream().map(key -> input.places[key]).toList();
        return Pruned.same(new BoundPlan.Deduplicate(keys, deduplicate.withinWatermark(), input.plan), input);
    }

    private static Pruned scan(BoundPlan.Scan scan, @Nullable Need[] needs) {
        List<StructField> kept = new ArrayList<>();
        int[] places = new int[needs.length];
        @Nullable Need[] given = new @Nullable Need[needs.length];
        for (int i = 0; i < needs.length; i++) {
            places[i] = needs[i] == null ? -1 : kept.size();
            if (needs[i] != null) {
                kept.add(scan.schema().field(i));
                given[i] = Need.ALL;
            }
        }
        BoundPlan narrow = new BoundPlan.Scan(
                scan.relation(), scan.source(), scan.leaf(), scan.fullSchema(), new StructType(kept));
        return new Pruned(narrow, places, given);
    }

    private static Pruned project(BoundPlan.Project project, @Nullable Need[] needs) {
        @Nullable Need[] below = new @Nullable Need[project.input().schema().size()];
        for (int i = 0; i < needs.length; i++) {
            if (needs[i] != null) {
                collect(project.expressions().get(i).value(), requireNonNull(needs[i]), below);
            }
        }
        Pruned input = prune(project.input(), below);
        List<NamedExpression> kept = new ArrayList<>();
        int[] places = new int[needs.length];
        @Nullable Need[] given = new @Nullable Need[needs.length];
        for (int i = 0; i < needs.length; i++) {
            places[i] = needs[i] == null ? -1 : kept.size();
            if (needs[i] != null) {
                NamedExpression e = project.expressions().get(i);
                Rewritten value = rewritten(e.value(), requireNonNull(needs[i]), input);
                kept.add(new NamedExpression(e.name(), value.value));
                given[i] = value.given;
            }
        }
        return new Pruned(new BoundPlan.Project(kept, input.plan), places, given);
    }

    /** All inputs must give the same: where one cannot give a part of a column, all give the whole. */
    private static Pruned union(BoundPlan.Union union, @Nullable Need[] needs) {
        List<Pruned> inputs =
                union.inputs().stream().map(input -> prune(input, needs)).toList();
        @Nullable Need[] whole = needs.clone();
        for (int i = 0; i < needs.length; i++) {
            Need need = needs[i];
            int column = i;
            if (need != null && inputs.stream().anyMatch(p -> !need.equals(p.given[column]))) {
                whole[i] = Need.ALL;
            }
        }
        if (!Arrays.equals(whole, needs)) {
            return union(union, whole);
        }
        List<StructField> kept = new ArrayList<>();
        int[] places = new int[needs.length];
        for (int i = 0; i < needs.length; i++) {
            places[i] = needs[i] == null ? -1 : kept.size();
            if (needs[i] != null) {
                StructField f = union.schema().field(i);
                kept.add(new StructField(f.name(), requireNonNull(needs[i]).narrow(f.dataType()), f.nullable()));
            }
        }
        StructType schema = new StructType(kept);
        List<BoundPlan> exact = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            exact.add(exactly(inputs.get(i), union.inputs().get(i).schema(), needs));
        }
        return new Pruned(new BoundPlan.Union(exact, schema), places, needs);
    }

    /** Returns the relation with the columns asked for and no others, in their order. */
    private static BoundPlan exactly(Pruned pruned, StructType before, @Nullable Need[] needs) {
        List<NamedExpression> columns = new ArrayList<>();
        boolean same = true;
        for (int i = 0; i < needs.length; i++) {
            if (needs[i] != null) {
                int place = pruned.places[i];
                StructField f = pruned.plan.schema().field(place);
                same &= place == columns.size();
                columns.add(new NamedExpression(
                        before.field(i).name(), new ColumnRef(place, f.name(), f.dataType(), f.nullable())));
            }
        }
        boolean exact = same && columns.size() == pruned.plan.schema().size();
        return exact ? pruned.plan : new BoundPlan.Project(columns, pruned.plan);
    }

    /** Notes what of each column is needed to compute {@code need} of an expression. */
    private static void collect(BoundExpression expression, Need need, @Nullable Need[] columns) {
        if (expression instanceof ColumnRef column) {
            columns[column.ordinal()] = Need.or(columns[column.ordinal()], need);
        } else if (readsStructField(expression)) {
            BoundCall access = (BoundCall) expression;
            collect(access.arguments().get(0), Need.field(FieldAccessFunction.ordinal(access), need), columns);
        } else if (expression instanceof BoundCall call) {
            call.arguments().forEach(argument -> collect(argument, Need.ALL, columns));
        }
    }

    private static boolean readsStructField(BoundExpression expression) {
        return FieldAccessFunction.isFieldAccess(expression)
                && ((BoundCall) expression).arguments().get(0).type() instanceof StructType;
    }

    /** An expression over the pruned input, and how much of its value it gives. */
    private record Rewritten(BoundExpression value, Need given) {}

    private static Rewritten rewritten(BoundExpression expression, Need need, Pruned input) {
        if (expression instanceof ColumnRef column) {
            int place = input.places[column.ordinal()];
            StructField now = input.plan.schema().field(place);
            return new Rewritten(
                    new ColumnRef(place, column.name(), now.dataType(), column.nullable()),
                    requireNonNull(input.given[column.ordinal()]));
        } else if (readsStructField(expression)) {
            BoundCall access = (BoundCall) expression;
            int ordinal = FieldAccessFunction.ordinal(access);
            Rewritten from = rewritten(access.arguments().get(0), Need.field(ordinal, need), input);
            return new Rewritten(
                    FieldAccessFunction.of(from.value, from.given.place(ordinal), access.origin()),
                    from.given.of(ordinal));
        } else if (expression instanceof BoundCall call) {
            List<BoundExpression> arguments = new ArrayList<>();
            call.arguments().forEach(a -> arguments.add(rewritten(a, Need.ALL, input).value));
            Need given = JsonReads.isFromJson(call) ? JsonReads.fieldsToRead(call, need) : Need.ALL;
            return new Rewritten(
                    new BoundCall(
                            call.function(), arguments, given.narrow(call.type()), call.nullable(), call.origin()),
                    given);
        }
        return new Rewritten(expression, Need.ALL);
    }
}
