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
            BoundPlan.Project one = new BoundPlan.Project(merged, inner.input());
            return inner.input() instanceof BoundPlan.Aggregate aggregate ? Groups.ordered(one, aggregate) : one;
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

    /** An aggregate counts as expensive, as in Spark: whether this merges decides on the order of their state. */
    private static boolean mayMerge(BoundPlan.Project outer, BoundPlan.Project inner) {
        int cheapColumns = inner.input() instanceof BoundPlan.Aggregate aggregate
                ? aggregate.grouping().size()
                : Integer.MAX_VALUE;
        int[] references =
                Rewrite.references(outer.expressions(), inner.expressions().size());
        for (int i = 0; i < references.length; i++) {
            BoundExpression value = inner.expressions().get(i).value();
            if (references[i] > 0
                    && !isCheap(value, cheapColumns)
                    && (references[i] > 1 || !Rewrite.isDeterministic(value))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isCheap(BoundExpression value, int cheapColumns) {
        boolean[] cheap = {Rewrite.isCheap(value)};
        Rewrite.visit(value, part -> cheap[0] &= !(part instanceof ColumnRef c) || c.ordinal() < cheapColumns);
        return cheap[0];
    }
}
