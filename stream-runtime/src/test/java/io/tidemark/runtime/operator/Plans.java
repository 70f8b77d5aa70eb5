package io.tidemark.runtime.operator;

import io.tidemark.api.Row;
import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.runtime.aggregate.AggregateCall;
import io.tidemark.runtime.aggregate.AggregateFunctions;
import io.tidemark.runtime.expression.BindContext;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.function.BuiltinFunctions;
import io.tidemark.runtime.plan.BoundPlan;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Plans and rows for tests of operators. Times are given in seconds. */
final class Plans {
    /** What the tests' sources give: a time, a key and a number. */
    static final StructType EVENTS = StructType.of(
            new StructField("ts", AtomicType.TIMESTAMP, true),
            new StructField("k", AtomicType.STRING, true),
            new StructField("v", AtomicType.BIGINT, true));

    private Plans() {}

    static BoundPlan events(int leaf) {
        return new BoundPlan.Scan(
                new LogicalPlan.StreamRead(leaf, "memory", new TreeMap<>(), EVENTS), leaf, leaf, EVENTS, EVENTS);
    }

    /** The first source, watched with a delay of no time. */
    static BoundPlan watched() {
        return watched(events(0), 0);
    }

    static BoundPlan watched(BoundPlan input, long delaySeconds) {
        return new BoundPlan.Watermark(0, delaySeconds * 1000, input);
    }

    static Row event(@Nullable Long seconds, @Nullable String key, @Nullable Long value) {
        return Row.of(EVENTS, Arrays.asList(seconds == null ? null : Instant.ofEpochSecond(seconds), key, value));
    }

    static Row event(long seconds, String key, long value) {
        return event((Long) seconds, key, (Long) value);
    }

    static BoundExpression column(BoundPlan plan, String name) {
        int ordinal = plan.schema().indexOf(name).orElseThrow();
        StructField field = plan.schema().field(ordinal);
        return new BoundExpression.ColumnRef(ordinal, name, field.dataType(), field.nullable());
    }

    static BoundPlan window(BoundPlan input, long seconds, long slideSeconds) {
        return new BoundPlan.TimeWindow(
                column(input, "ts"), seconds * 1_000_000, slideSeconds * 1_000_000, 0, "window", input);
    }

    static BoundPlan session(BoundPlan input, long gapSeconds) {
        return new BoundPlan.SessionStart(
                column(input, "ts"),
                new BoundExpression.Constant(gapSeconds * 1_000_000, AtomicType.BIGINT),
                "session_window",
                input);
    }

    /** Calls of functions, each {@code name(column)} or {@code name(*)}, over columns of {@code input}. */
    static BoundPlan.Aggregate aggregate(BoundPlan input, List<String> grouping, String... calls) {
        List<BoundPlan.NamedExpression> keys = grouping.stream()
                .map(name -> new BoundPlan.NamedExpression(name, column(input, name)))
                .toList();
        List<BoundPlan.NamedAggregate> aggregates = new ArrayList<>();
        for (String call : calls) {
            aggregates.add(new BoundPlan.NamedAggregate(call, call(input, call)));
        }
        return new BoundPlan.Aggregate(keys, aggregates, grouping.indexOf("session_window"), input);
    }

    private static AggregateCall call(BoundPlan input, String text) {
        int open = text.indexOf('(');
        String argument = text.substring(open + 1, text.length() - 1);
        BoundExpression value =
                argument.equals("*") ? new BoundExpression.Constant(1, AtomicType.INT) : column(input, argument);
        BindContext context = new BindContext(true, ZoneOffset.UTC, Origin.NONE, BuiltinFunctions.registry());
        return AggregateFunctions.registry()
                .find(text.substring(0, open))
                .orElseThrow()
                .bind(List.of(value), null, context);
    }

    static BoundPlan deduplicate(BoundPlan input, boolean withinWatermark, String... keys) {
        List<Integer> places = Arrays.stream(keys)
                .map(k -> input.schema().indexOf(k).orElseThrow())
                .toList();
        return new BoundPlan.Deduplicate(places, withinWatermark, input);
    }

    /** Rows as short text: values side by side, times in seconds, a window as {@code 0..10}. */
    static List<String> show(List<Row> rows) {
        return rows.stream().map(Plans::show).toList();
    }

    static String show(Row row) {
        return String.join(" ", row.values().stream().map(Plans::show).toList());
    }

    private static String show(@Nullable Object value) {
        if (value instanceof Row window) {
            return show(window.get(0)) + ".." + show(window.get(1));
        } else if (value instanceof Instant instant) {
            return String.valueOf(instant.getEpochSecond());
        }
        return String.valueOf(value);
    }
}
