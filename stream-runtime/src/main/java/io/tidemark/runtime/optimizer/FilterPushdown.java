package io.tidemark.runtime.optimizer;

import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.plan.BoundPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lets filters sink. A filter never passes another one: the rows that one drops could make the other fail. So a
 * conjunction becomes a chain of filters in its own order.
 */
final class FilterPushdown {
    private FilterPushdown() {}

    static BoundPlan apply(BoundPlan plan) {
        if (!(plan instanceof BoundPlan.Filter filter)) {
            return plan;
        }
        BoundExpression condition = filter.condition();
        if (condition instanceof Constant constant && Boolean.TRUE.equals(constant.value())) {
            return filter.input();
        } else if (!Rewrite.isDeterministic(condition)) {
            return plan;
        } else if (filter.input() instanceof BoundPlan.Aggregate aggregate) {
            return belowGroups(condition, aggregate);
        } else if (condition instanceof BoundCall call && call.function().name().equals("and")) {
            BoundPlan chain = filter.input();
            for (BoundExpression part : call.arguments()) {
                chain = apply(new BoundPlan.Filter(part, chain));
            }
            return chain;
        } else if (filter.input() instanceof BoundPlan.Project project && mayPass(condition, project)) {
            BoundPlan below = new BoundPlan.Filter(Rewrite.inline(condition, project.expressions()), project.input());
            return new BoundPlan.Project(project.expressions(), apply(below));
        } else if (filter.input() instanceof BoundPlan.Union union) {
            List<BoundPlan> inputs = new ArrayList<>();
            union.inputs().forEach(input -> inputs.add(apply(new BoundPlan.Filter(condition, input))));
            return new BoundPlan.Union(inputs, union.schema());
        } else if (filter.input() instanceof BoundPlan.Watermark watermark && mayPass(condition, watermark)) {
            BoundPlan below = new BoundPlan.Filter(condition, watermark.input());
            return new BoundPlan.Watermark(watermark.column(), watermark.delayMillis(), apply(below));
        } else if (isTransparent(filter.input(), condition)) {
            BoundPlan over = filter.input();
            BoundPlan below = new BoundPlan.Filter(condition, over.inputs().get(0));
            return over.withInputs(List.of(apply(below)));
        }
        return plan;
    }

    /**
     * Conditions on keys keep or drop whole groups, so they may drop the rows instead, as Spark does it: then no state is
     * kept for those groups. The others stay, in their order.
     */
    private static BoundPlan belowGroups(BoundExpression condition, BoundPlan.Aggregate aggregate) {
        BoundPlan below = aggregate.input();
        List<BoundExpression> above = new ArrayList<>();
        for (BoundExpression part : conjuncts(condition)) {
            if (readsKeysOnly(part, aggregate)) {
                below = apply(new BoundPlan.Filter(Rewrite.inline(part, aggregate.grouping()), below));
            } else {
                above.add(part);
            }
        }
        BoundPlan plan = aggregate.withInputs(List.of(below));
        for (BoundExpression part : above) {
            plan = new BoundPlan.Filter(part, plan);
        }
        return plan;
    }

    private static List<BoundExpression> conjuncts(BoundExpression condition) {
        if (condition instanceof BoundCall call && call.function().name().equals("and")) {
            List<BoundExpression> all = new ArrayList<>();
            call.arguments().forEach(part -> all.addAll(conjuncts(part)));
            return all;
        }
        return List.of(condition);
    }

    private static boolean readsKeysOnly(BoundExpression condition, BoundPlan.Aggregate aggregate) {
        int[] references = new int[aggregate.schema().size()];
        Rewrite.count(condition, references);
        int keys = aggregate.grouping().size();
        return Arrays.stream(references).limit(keys).sum() > 0
                && Arrays.stream(references).skip(keys).sum() == 0;
    }

    /** Windows multiply and drop rows whatever their other columns are; an order changes no row. */
    private static boolean isTransparent(BoundPlan plan, BoundExpression condition) {
        if (plan instanceof BoundPlan.TimeWindow || plan instanceof BoundPlan.SessionStart) {
            int[] references = new int[plan.schema().size()];
            Rewrite.count(condition, references);
            return references[references.length - 1] == 0;
        }
        return plan instanceof BoundPlan.Sort;
    }

    private static boolean mayPass(BoundExpression condition, BoundPlan.Project project) {
        int[] references = new int[project.expressions().size()];
        Rewrite.count(condition, references);
        for (int i = 0; i < references.length; i++) {
            if (references[i] > 0
                    && !Rewrite.isCheap(project.expressions().get(i).value())) {
                return false;
            }
        }
        return project.expressions().stream().allMatch(e -> Rewrite.isDeterministic(e.value()));
    }

    /** As Spark does: the event time that is watched is that of the rows left by conditions on other columns. */
    private static boolean mayPass(BoundExpression condition, BoundPlan.Watermark watermark) {
        int[] references = new int[watermark.schema().size()];
        Rewrite.count(condition, references);
        return references[watermark.column()] == 0;
    }
}
