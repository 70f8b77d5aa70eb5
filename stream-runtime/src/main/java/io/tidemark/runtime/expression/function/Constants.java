package io.tidemark.runtime.expression.function;

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
import java.util.Optional;

/** Values of expressions that no row can change. */
public final class Constants {
    private Constants() {}

    /** Returns the value of an expression made of constants and foldable functions only; empty for any other. */
    public static Optional<Constant> fold(BoundExpression expression, BindContext context) {
        if (expression instanceof Constant constant) {
            return Optional.of(constant);
        }
        if (!isFoldable(expression)) {
            return Optional.empty();
        }
        ColumnBatch oneRow = new ColumnBatch(StructType.EMPTY, List.of(), 1);
        Object value = KernelCompiler.compile(expression)
                .evaluate(oneRow, Selection.all(1), new EvaluationContext(0, context.zone(), context.ansi()))
                .value(0);
        return Optional.of(new Constant(value, expression.type()));
    }

    private static boolean isFoldable(BoundExpression expression) {
        if (expression instanceof BoundCall call) {
            return call.function().isFoldable() && call.arguments().stream().allMatch(Constants::isFoldable);
        }
        return expression instanceof Constant;
    }
}
