package io.tidemark.runtime.analysis;

import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;

/** Questions about typed expressions. */
final class Expressions {
    private Expressions() {}

    /** Returns whether the same row always gives the same value. */
    static boolean isDeterministic(BoundExpression expression) {
        return !(expression instanceof BoundCall call)
                || (call.function().isDeterministic()
                        && call.arguments().stream().allMatch(Expressions::isDeterministic));
    }
}
