package io.tidemark.runtime.analysis;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.plan.Expression;
import io.tidemark.runtime.expression.BoundExpression;

/** What becomes of an aggregate function that stands in an expression. */
@FunctionalInterface
interface AggregateUse {
    /** Nobody aggregates here. */
    AggregateUse NOT_HERE = refused("Aggregate functions are not allowed here", "Use it in a SELECT list or HAVING");

    /** The condition of WHERE. */
    AggregateUse NOT_IN_WHERE = refused(
            "The WHERE condition contains an aggregate function",
            "Aggregate in a subquery, or put the condition into HAVING");

    /** A key of GROUP BY. */
    AggregateUse NOT_IN_GROUP_BY = refused("Aggregate functions are not allowed in GROUP BY", "Group by columns");

    /** The argument of another aggregate. */
    AggregateUse NOT_NESTED = refused(
            "It is not allowed to use an aggregate function in the argument of another aggregate function",
            "Use the inner aggregate function in a subquery");

    /**
     * Types the call.
     *
     * @param binder that of the expression in which it stands
     * @throws AnalysisException {@code MISPLACED_AGGREGATE} if it must not stand there
     */
    BoundExpression bind(Expression.Call call, ExpressionBinder binder);

    private static AggregateUse refused(String problem, String cure) {
        return (call, binder) -> {
            throw new AnalysisException(
                    ErrorCode.MISPLACED_AGGREGATE,
                    problem + ": " + new ColumnNames(binder).of(call) + ". " + cure + ".",
                    call.origin());
        };
    }
}
