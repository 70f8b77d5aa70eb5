package io.tidemark.runtime.optimizer;

import io.tidemark.api.types.StructField;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import io.tidemark.runtime.expression.SemanticForm;
import io.tidemark.runtime.plan.BoundPlan;
import io.tidemark.runtime.plan.BoundPlan.NamedExpression;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Computes a {@code from_json} that a projection writes several times, with the same text and schema, only once. Only
 * where it never fails, so that it may be computed for rows for which it was not asked.
 */
final class SharedCalls {
    private SharedCalls() {}

    static BoundPlan hoist(BoundPlan plan) {
        if (!(plan instanceof BoundPlan.Project project)) {
            return plan;
        }
        BoundExpression shared = firstRepeated(project.expressions());
        if (shared == null) {
            return plan;
        }
        List<NamedExpression> below = new ArrayList<>();
        List<StructField> fields = project.input().schema().fields();
        for (int i = 0; i < fields.size(); i++) {
            StructField f = fields.get(i);
            below.add(new NamedExpression(f.name(), new ColumnRef(i, f.name(), f.dataType(), f.nullable())));
        }
        ColumnRef result = new ColumnRef(below.size(), "_parsed", shared.type(), shared.nullable());
        below.add(new NamedExpression(result.name(), shared));
        BoundExpression key = SemanticForm.of(shared);
        List<NamedExpression> above = new ArrayList<>();
        project.expressions()
                .forEach(e -> above.add(new NamedExpression(
                        e.name(),
                        Rewrite.bottomUp(
                                e.value(),
                                part -> isShareable(part)
                                                && SemanticForm.of(part).equals(key)
                                        ? result
                                        : part))));
        return hoist(new BoundPlan.Project(above, new BoundPlan.Project(below, project.input())));
    }

    private static @Nullable BoundExpression firstRepeated(List<NamedExpression> expressions) {
        List<BoundExpression> keys = new ArrayList<>();
        BoundExpression[] repeated = new BoundExpression[1];
        expressions.forEach(e -> Rewrite.visit(e.value(), part -> {
            if (repeated[0] == null && isShareable(part)) {
                BoundExpression key = SemanticForm.of(part);
                if (keys.contains(key)) {
                    repeated[0] = part;
                }
                keys.add(key);
            }
        }));
        return repeated[0];
    }

    private static boolean isShareable(BoundExpression expression) {
        return expression instanceof BoundCall call
                && JsonReads.isFromJson(call)
                && JsonReads.isHarmless(call)
                && Rewrite.isDeterministic(call);
    }
}
