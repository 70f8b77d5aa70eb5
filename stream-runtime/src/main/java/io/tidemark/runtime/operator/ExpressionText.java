package io.tidemark.runtime.operator;

import io.tidemark.runtime.expression.BoundExpression;
import java.util.stream.Collectors;

/** Typed expressions as explain shows them: {@code >(amount, 3)}. */
final class ExpressionText {
    private ExpressionText() {}

    static String of(BoundExpression expression) {
        if (expression instanceof BoundExpression.ColumnRef column) {
            return column.name();
        } else if (expression instanceof BoundExpression.Constant constant) {
            return String.valueOf(constant.value());
        }
        BoundExpression.BoundCall call = (BoundExpression.BoundCall) expression;
        return call.function().name()
                + call.arguments().stream().map(ExpressionText::of).collect(Collectors.joining(", ", "(", ")"));
    }
}
