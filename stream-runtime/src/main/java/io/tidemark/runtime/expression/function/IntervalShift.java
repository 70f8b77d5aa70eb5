package io.tidemark.runtime.expression.function;

import io.tidemark.api.plan.Expression;
import io.tidemark.api.plan.Expression.Call;
import io.tidemark.api.types.AtomicType;
import io.tidemark.runtime.expression.BindContext;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.IntervalLiteral;
import java.util.List;
import java.util.Optional;

/**
 * A sum or difference of a value and an interval.
 *
 * @param interval as it was written, with its sign
 * @param subtracted whether the interval is taken away
 */
public record IntervalShift(Expression value, Expression interval, boolean subtracted) {
    /** Returns what a call moves and by which interval; empty if it is not of this kind. */
    public static Optional<IntervalShift> of(Call call) {
        boolean subtracts = call.function().equals("-");
        if ((!subtracts && !call.function().equals("+")) || call.arguments().size() != 2) {
            return Optional.empty();
        }
        Expression left = call.arguments().get(0);
        Expression right = call.arguments().get(1);
        boolean isLeft = IntervalLiteral.of(left).isPresent();
        boolean isRight = IntervalLiteral.of(right).isPresent();
        if (isLeft == isRight || (isLeft && subtracts)) {
            return Optional.empty();
        }
        return Optional.of(isLeft ? new IntervalShift(right, left, false) : new IntervalShift(left, right, subtracts));
    }

    /** Returns the interval that a typed call adds to its first argument; empty for any other call. */
    public static Optional<IntervalLiteral> added(BoundCall call) {
        return call.function().equals(IntervalArithmetic.FUNCTION)
                ? Optional.of(IntervalArithmetic.interval(call.arguments()))
                : Optional.empty();
    }

    /** Returns the interval to add, negated where it is subtracted. */
    public IntervalLiteral added() {
        IntervalLiteral written = IntervalLiteral.of(interval).orElseThrow();
        return subtracted ? written.negated(interval.origin()) : written;
    }

    /**
     * Returns the typed sum.
     *
     * @param bound the value, typed
     * @throws io.tidemark.api.error.AnalysisException {@code TYPE_MISMATCH} if it is nothing that an interval moves
     */
    public BoundExpression bind(BoundExpression bound, BindContext context) {
        IntervalLiteral added = added();
        return IntervalArithmetic.FUNCTION.bind(
                List.of(
                        bound,
                        new Constant(added.months(), AtomicType.INT),
                        new Constant(added.micros(), AtomicType.BIGINT),
                        new Constant(added.units(), AtomicType.STRING)),
                context);
    }
}
