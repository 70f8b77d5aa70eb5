package io.tidemark.runtime.optimizer;

import io.tidemark.api.types.StructType;
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
        List<BoundPlan> inputs = inputs(plan);
        for (int i = 0; i < inputs.size(); i++) {
            boolean last = i == inputs.size() - 1;
            append(inputs.get(i), rest + (last ? "+- " : ":- "), rest + (last ? "   " : ":  "), out);
        }
    }

    private static List<BoundPlan> inputs(BoundPlan plan) {
        if (plan instanceof BoundPlan.Project project) {
            return List.of(project.input());
        } else if (plan instanceof BoundPlan.Filter filter) {
            return List.of(filter.input());
        } else if (plan instanceof BoundPlan.Watermark watermark) {
            return List.of(watermark.input());
        }
        return plan instanceof BoundPlan.Union union ? union.inputs() : List.of();
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
        return "Union";
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
