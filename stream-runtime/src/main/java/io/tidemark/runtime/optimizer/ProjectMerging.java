package io.tidemark.runtime.optimizer;

import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import io.tidemark.runtime.plan.BoundPlan;
import io.tidemark.runtime.plan.BoundPlan.NamedExpression;
import java.util.ArrayList;
import java.util.List;

/**
 * Melts two projections into one, unless something expensive would then be computed more than once; drops projections
 * that change nothing.
 */
final class ProjectMerging {
    private ProjectMerging() {}

    static BoundPlan apply(BoundPlan plan) {
        if (!(plan instanceof BoundPlan.Project outer)) {
            return plan;
        } else if (isIdentity(outer)) {
            return outer.input();
        } else if (outer.input() instanceof BoundPlan.Project inner && mayMerge(outer, inner)) {
            List<NamedExpression> merged = new ArrayList<>();
            outer.expressions()
                    .forEach(e ->
                            merged.add(new NamedExpression(e.name(), Rewrite.inline(e.value(), inner.expressions()))));
            return new BoundPlan.Project(merged, inner.input());
        }
        return plan;
    }

    private static boolean isIdentity(BoundPlan.Project project) {
        List<NamedExpression> expressions = project.expressions();
        if (expressions.size() != project.input().schema().size()) {
            return false;
        }
        for (int i = 0; i < expressions.size(); i++) {
            boolean same = expressions.get(i).value() instanceof ColumnRef column
                    && column.ordinal() == i
                    && project.input()
                            .schema()
                            .field(i)
                            .name()
                            .equals(expressions.get(i).name());
            if (!same) {
                return false;
            }
        }
        return true;
    }

    private static boolean mayMerge(BoundPlan.Project outer, BoundPlan.Project inner) {
        int[] references =
                Rewrite.references(outer.expressions(), inner.expressions().size());
        for (int i = 0; i < references.length; i++) {
            BoundExpression value = inner.expressions().get(i).value();
            if (references[i] > 0
                    && !Rewrite.isCheap(value)
                    && (references[i] > 1 || !Rewrite.isDeterministic(value))) {
                return false;
            }
        }
        return true;
    }
}
