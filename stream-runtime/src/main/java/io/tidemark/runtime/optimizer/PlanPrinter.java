package io.tidemark.runtime.optimizer;

import io.tidemark.api.types.StructType;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.plan.BoundPlan;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Shows a plan as Spark's {@code explain} does: a tree, the last operator on top. Options are not shown. */
public final class PlanPrinter {
    private PlanPrinter() {}

    /** Returns the tree, each line ended by LF. */
    public static String print(BoundPlan plan) {
        StringBuilder out = new StringBuilder();
        append(plan, "", "", out);
        return out.toString();
    }

    private static void append(BoundPlan plan, String first, String rest, StringBuilder out) {
        out.append(first).append(line(plan)).append('\n');
        List<BoundPlan> inputs = plan.inputs();
        for (int i = 0; i < inputs.size(); i++) {
            boolean last = i == inputs.size() - 1;
            append(inputs.get(i), rest + (last ? "+- " : ":- "), rest + (last ? "   " : ":  "), out);
        }
    }

    private static String line(BoundPlan plan) {
        if (plan instanceof BoundPlan.Project project) {
            return "Project "
                    + project.expressions().stream()
                            .map(e -> ExpressionPrinter.named(e.value(), e.name()))
                            .collect(Collectors.joining(", ", "[", "]"));
        } else if (plan instanceof BoundPlan.Filter filter) {
            return "Filter " + ExpressionPrinter.print(filter.condition());
        } else if (plan instanceof BoundPlan.Watermark watermark) {
            return "EventTimeWatermark "
                    + watermark.schema().field(watermark.column()).name() + ", " + duration(watermark.delayMillis());
        } else if (plan instanceof BoundPlan.Scan scan) {
            return "StreamingRelation " + scan.relation().format() + " #" + scan.source() + " "
                    + columns(scan.schema());
        }
        return stateful(plan);
    }

    private static String stateful(BoundPlan plan) {
        if (plan instanceof BoundPlan.TimeWindow window) {
            return "TimeWindow " + ExpressionPrinter.print(window.time()) + ", " + micros(window.windowMicros())
                    + (window.slideMicros() == window.windowMicros() ? "" : " every " + micros(window.slideMicros()))
                    + (window.startMicros() == 0 ? "" : " from " + micros(window.startMicros()));
        } else if (plan instanceof BoundPlan.SessionStart session) {
            return "SessionWindow " + ExpressionPrinter.print(session.time()) + ", "
                    + (session.gapMicros() instanceof Constant gap && gap.value() instanceof Long micros
                            ? micros(micros)
                            : ExpressionPrinter.print(session.gapMicros()));
        } else if (plan instanceof BoundPlan.Aggregate aggregate) {
            return "Aggregate "
                    + aggregate.grouping().stream()
                            .map(e -> ExpressionPrinter.named(e.value(), e.name()))
                            .collect(Collectors.joining(", ", "[", "]"))
                    + aggregate.aggregates().stream()
                            .map(BoundPlan.NamedAggregate::name)
                            .collect(Collectors.joining(", ", ", [", "]"));
        } else if (plan instanceof BoundPlan.Deduplicate deduplicate) {
            return (deduplicate.withinWatermark() ? "DeduplicateWithinWatermark " : "Deduplicate ")
                    + deduplicate.keys().stream()
                            .map(key -> plan.schema().field(key).name())
                            .collect(Collectors.joining(", ", "[", "]"));
        } else if (plan instanceof BoundPlan.Limit limit) {
            return "Limit " + limit.count();
        } else if (plan instanceof BoundPlan.Sort sort) {
            return "Sort " + sort.keys().stream().map(PlanPrinter::key).collect(Collectors.joining(", ", "[", "]"));
        }
        return "Union";
    }

    private static String key(BoundPlan.SortKey key) {
        return ExpressionPrinter.print(key.value())
                + (key.ascending() ? " ASC" : " DESC")
                + (key.nullsFirst() ? " NULLS FIRST" : " NULLS LAST");
    }

    private static String micros(long micros) {
        return micros % 1_000 == 0 && micros >= 0 ? duration(micros / 1_000) : micros + " microseconds";
    }

    private static String columns(StructType schema) {
        return schema.fields().stream()
                .map(f -> f.name() + ": " + f.dataType().simpleString())
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String duration(long millis) {
        long[] sizes = {86_400_000L, 3_600_000L, 60_000L, 1_000L};
        String[] units = {"day", "hour", "minute", "second"};
        for (int i = 0; i < sizes.length; i++) {
            if (millis > 0 && millis % sizes[i] == 0) {
                long count = millis / sizes[i];
                return String.format(Locale.ROOT, "%d %s%s", count, units[i], count == 1 ? "" : "s");
            }
        }
        return millis + " milliseconds";
    }
}
