package io.tidemark.runtime.expression;

import io.tidemark.api.error.Origin;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Tells whether two expressions always give the same value, as far as their shape shows: places in the text, the names of
 * columns and the sides of {@code a + b} or {@code a = b} make no difference.
 */
public final class SemanticForm {
    private static final Set<String> COMMUTATIVE = Set.of("+", "*", "and", "or", "=", "<=>", "&", "|", "^");

    private SemanticForm() {}

    /** Returns an expression to compare with others of this form, not to compute. */
    public static BoundExpression of(BoundExpression expression) {
        if (expression instanceof ColumnRef column) {
            return new ColumnRef(column.ordinal(), "", column.type(), column.nullable());
        } else if (expression instanceof BoundCall call) {
            List<BoundExpression> arguments = new ArrayList<>();
            call.arguments().forEach(argument -> arguments.add(of(argument)));
            if (COMMUTATIVE.contains(call.function().name()) && arguments.size() == 2) {
                arguments.sort(Comparator.comparing(BoundExpression::toString));
            }
            return new BoundCall(call.function(), arguments, call.type(), call.nullable(), Origin.NONE);
        }
        return expression;
    }

    /** Returns whether both always give the same value. */
    public static boolean same(BoundExpression a, BoundExpression b) {
        return of(a).equals(of(b));
    }
}
