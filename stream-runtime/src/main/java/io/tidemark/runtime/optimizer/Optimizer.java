package io.tidemark.runtime.optimizer;

import io.tidemark.runtime.plan.BoundPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Makes a plan cheaper: filters sink towards the sources, projections melt together, columns and {@code from_json} fields
 * that nobody reads are never made. The schema stays as it is, and so do order and number of the scans.
 */
public final class Optimizer {
    private static final int MOST_ROUNDS = 100;

    private Optimizer() {}

    /** Returns a plan with the same rows. */
    public static BoundPlan optimize(BoundPlan plan) {
        BoundPlan settled = untilStable(plan, Optimizer::rewriteOnce);
        BoundPlan shared = everywhere(settled, SharedCalls::hoist);
        BoundPlan pruned = ColumnPruning.prune(shared);
        return untilStable(pruned, p -> everywhere(p, node -> Groups.apply(ProjectMerging.apply(node))));
    }

    private static BoundPlan rewriteOnce(BoundPlan plan) {
        return everywhere(
                plan,
                node -> Groups.apply(ProjectMerging.apply(Limits.apply(FilterPushdown.apply(Unions.apply(node))))));
    }

    private static BoundPlan untilStable(BoundPlan plan, UnaryOperator<BoundPlan> rule) {
        BoundPlan before = plan;
        for (int i = 0; i < MOST_ROUNDS; i++) {
            BoundPlan after = rule.apply(before);
            if (after.equals(before)) {
                return after;
            }
            before = after;
        }
        return before;
    }

    /** Applies a rule to each node, inputs first. */
    private static BoundPlan everywhere(BoundPlan plan, UnaryOperator<BoundPlan> rule) {
        return rule.apply(withInputs(plan, rule));
    }

    private static BoundPlan withInputs(BoundPlan plan, UnaryOperator<BoundPlan> rule) {
        List<BoundPlan> inputs = new ArrayList<>();
        plan.inputs().forEach(input -> inputs.add(everywhere(input, rule)));
        return plan.withInputs(inputs);
    }
}
