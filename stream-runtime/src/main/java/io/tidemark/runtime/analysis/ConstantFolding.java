package io.tidemark.runtime.analysis;

import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.runtime.expression.BindContext;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.function.Constants;
import java.util.List;

/** Computes calls of constants once, at planning. */
final class ConstantFolding {
    private ConstantFolding() {}

    /**
     * Returns the constant that {@code expression} is, or {@code expression} itself: if it depends on rows or on the
     * batch, if it makes a nested value, or if it fails; then it fails when, and only when, a row is computed.
     */
    static BoundExpression fold(BoundExpression expression, BindContext context) {
        if (!(expression instanceof BoundCall call)) {
            return expression;
        }
        // What was written as an argument is folded already; the casts that binding put around it are not.
        List<BoundExpression> arguments = call.arguments().stream()
                .map(argument -> computed(argument, context))
                .toList();
        return computed(
                arguments.equals(call.arguments())
                        ? call
                        : new BoundCall(call.function(), arguments, call.type(), call.nullable(), call.origin()),
                context);
    }

    private static BoundExpression computed(BoundExpression expression, BindContext context) {
        boolean foldable = expression instanceof BoundCall call
                && call.function().isDeterministic()
                && (call.type() instanceof AtomicType || call.type() instanceof DecimalType)
                && call.arguments().stream().allMatch(Constant.class::isInstance);
        if (!foldable) {
            return expression;
        }
        try {
            return Constants.fold(expression, context)
                    .map(BoundExpression.class::cast)
                    .orElse(expression);
        } catch (EvaluationException failsAtRunTime) {
            return expression;
        }
    }
}
