package io.tidemark.runtime.optimizer;

import io.tidemark.runtime.plan.BoundPlan;
import java.util.ArrayList;
import java.util.List;

/** Makes nested unions one, and moves projections into the inputs, where they can melt with those that are there. */
final class Unions {
    private Unions() {}

    static BoundPlan apply(BoundPlan plan) {
        if (plan instanceof BoundPlan.Union union) {
            return flattened(union);
        } else if (plan instanceof BoundPlan.Project project
                && project.input() instanceof BoundPlan.Union union
                && project.expressions().stream().allMatch(e -> Rewrite.isDeterministic(e.value()))) {
            List<BoundPlan> inputs = new ArrayList<>();
            union.inputs()
                    .forEach(input ->
                            inputs.add(ProjectMerging.apply(new BoundPlan.Project(project.expressions(), input))));
            return new BoundPlan.Union(inputs, project.schema());
        }
        return plan;
    }

    private static BoundPlan flattened(BoundPlan.Union union) {
        if (union.inputs().stream().noneMatch(BoundPlan.Union.class::isInstance)) {
            return union;
        }
        List<BoundPlan> inputs = new ArrayList<>();
        for (BoundPlan input : union.inputs()) {
            if (input instanceof BoundPlan.Union inner) {
                inputs.addAll(inner.inputs());
            } else {
                inputs.add(input);
            }
        }
        return new BoundPlan.Union(inputs, union.schema());
    }
}
