package io.tidemark.runtime.optimizer;

import io.tidemark.runtime.plan.BoundPlan;
import java.util.List;

/**
 * Makes a limit over a limit one, the smaller, and computes projections below limits, so that more of both meet. As in
 * Spark, for each limit that is left has a state of its own.
 */
final class Limits {
    private Limits() {}

    static BoundPlan apply(BoundPlan plan) {
        if (plan instanceof BoundPlan.Limit outer && outer.input() instanceof BoundPlan.Limit inner) {
            return new BoundPlan.Limit(Math.min(outer.count(), inner.count()), inner.input());
        } else if (plan instanceof BoundPlan.Project project
                && project.input() instanceof BoundPlan.Limit limit
                && project.expressions().stream().allMatch(e -> Rewrite.isDeterministic(e.value()))) {
            return limit.withInputs(List.of(ProjectMerging.apply(project.withInputs(List.of(limit.input())))));
        }
        return plan;
    }
}
