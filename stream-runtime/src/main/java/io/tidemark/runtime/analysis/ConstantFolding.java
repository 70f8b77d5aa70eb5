package io.tidemark.runtime.analysis;

import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.BindContext;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.expression.KernelCompiler;
import java.util.List;

/** Computes calls of constants once, at planning. */
final class ConstantFolding {
    private static final ColumnBatch ONE_ROW = new ColumnBatch(StructType.EMPTY, List.of(), 1);

    private ConstantFolding() {}

    /**
     * Returns the constant that {@code expression} is, or {@code expression} itself: if it depends on rows or on the
     * batch, if it makes a nested value, or if it fails; then it fails when, and only when, a row is computed.
     */
    static BoundExpression fold(BoundExpression expression, BindContext context) {
        boolean foldable = expression instanceof BoundCall call
                && call.function().isFoldable()
                && call.function().isDeterministic()
                && (call.type() instanceof AtomicType || call.type() instanceof DecimalType)
                && call.arguments().stream().allMatch(Constant.class::isInstance);
        if (!foldable) {
            return expression;
        }
        try {
            Object value = KernelCompiler.compile(expression)
                    .evaluate(ONE_ROW, Selection.all(1), new EvaluationContext(0, context.zone(), context.ansi()))
                    .value(0);
            return new Constant(value, expression.type());
        } catch (EvaluationException failsAtRunTime) {
            return expression;
        }
    }
}
