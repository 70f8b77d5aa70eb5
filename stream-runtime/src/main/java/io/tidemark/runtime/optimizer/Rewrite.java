package io.tidemark.runtime.optimizer;

import io.tidemark.api.types.AtomicType;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.FieldAccessFunction;
import io.tidemark.runtime.plan.BoundPlan.NamedExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** What the rules do with expressions. */
final class Rewrite {
    private Rewrite() {}

    /** Rebuilds an expression from its leaves up, each node after its arguments. */
    static BoundExpression bottomUp(BoundExpression expression, UnaryOperator<BoundExpression> rule) {
        if (expression instanceof BoundCall call) {
            List<BoundExpression> arguments = new ArrayList<>(call.arguments().size());
            call.arguments().forEach(argument -> arguments.add(bottomUp(argument, rule)));
            return rule.apply(new BoundCall(call.function(), arguments, call.type(), call.nullable(), call.origin()));
        }
        return rule.apply(expression);
    }

    /** Visits an expression and all its parts. */
    static void visit(BoundExpression expression, Consumer<BoundExpression> visitor) {
        visitor.accept(expression);
        if (expression instanceof BoundCall call) {
            call.arguments().forEach(argument -> visit(argument, visitor));
        }
    }

    /** Returns {@code expression} over the input of a projection instead of over its output. */
    static BoundExpression inline(BoundExpression expression, List<NamedExpression> projection) {
        return bottomUp(
                expression,
                e -> e instanceof ColumnRef column
                        ? projection.get(column.ordinal()).value()
                        : simplified(e));
    }

    /** A field of a struct that was just put together is the value that was put there. */
    private static BoundExpression simplified(BoundExpression e) {
        if (FieldAccessFunction.isFieldAccess(e)) {
            BoundCall access = (BoundCall) e;
            if (access.arguments().get(0) instanceof BoundCall made
                    && made.function().name().equals("named_struct")) {
                BoundExpression value = made.arguments().get(2 * FieldAccessFunction.ordinal(access) + 1);
                return value.type().equals(access.type()) ? value : e;
            }
        }
        return e;
    }

    /** Counts how often each of {@code columns} columns is referred to. */
    static int[] references(List<NamedExpression> expressions, int columns) {
        int[] counts = new int[columns];
        expressions.forEach(e -> count(e.value(), counts));
        return counts;
    }

    static void count(BoundExpression expression, int[] counts) {
        visit(expression, e -> {
            if (e instanceof ColumnRef column) {
                counts[column.ordinal()]++;
            }
        });
    }

    static boolean isDeterministic(BoundExpression expression) {
        boolean[] all = {true};
        visit(
                expression,
                e -> all[0] &= !(e instanceof BoundCall call) || call.function().isDeterministic());
        return all[0];
    }

    /** Returns whether computing it twice costs next to nothing, and it cannot fail: columns, constants, fields of them. */
    static boolean isCheap(BoundExpression expression) {
        if (expression instanceof BoundCall call) {
            boolean free = FieldAccessFunction.isFieldAccess(call) || isRelabelling(call);
            return free && call.arguments().stream().allMatch(Rewrite::isCheap);
        }
        return expression instanceof ColumnRef || expression instanceof Constant;
    }

    /** A cast of bytes to text looks at no byte. */
    private static boolean isRelabelling(BoundCall call) {
        return call.function().name().equals("cast")
                && call.type() == AtomicType.STRING
                && call.arguments().get(0).type() == AtomicType.BINARY;
    }
}
