package io.tidemark.runtime.analysis;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.plan.Expression;
import io.tidemark.api.types.AtomicType;
import io.tidemark.runtime.aggregate.AggregateCall;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.SemanticForm;
import io.tidemark.runtime.plan.BoundPlan.NamedAggregate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the aggregates of one operator, each once, in the order in which they are met: their state is laid out so. In
 * an expression an aggregate becomes a column behind all columns of the operator's input.
 */
final class AggregateCollector implements AggregateUse {
    private final int firstPlace;
    private final List<NamedAggregate> found = new ArrayList<>();
    private final List<AggregateCall> forms = new ArrayList<>();

    /** @param firstPlace number of columns of the operator's input */
    AggregateCollector(int firstPlace) {
        this.firstPlace = firstPlace;
    }

    List<NamedAggregate> found() {
        return found;
    }

    @Override
    public BoundExpression bind(Expression.Call call, ExpressionBinder outer) {
        ExpressionBinder binder = outer.with(NOT_NESTED).preferringAliases(column -> false);
        String name = new ColumnNames(binder).of(call);
        if (call.distinct()) {
            throw new AnalysisException(
                    ErrorCode.STREAMING_UNSUPPORTED,
                    "Distinct aggregations are not supported on streams: " + name
                            + ". Consider approx_count_distinct, or aggregate what a SELECT DISTINCT gives.",
                    call.origin());
        }
        List<BoundExpression> arguments = binder.bindAll(call.arguments());
        for (BoundExpression argument : arguments) {
            requireDeterministic(argument, name, call);
        }
        BoundExpression filter = call.filter() == null ? null : condition(binder, name, call);
        AggregateCall bound = binder.context()
                .aggregates()
                .find(call.function())
                .orElseThrow()
                .bind(arguments, filter, binder.at(call.origin()));
        AggregateCall form = form(bound);
        int index = forms.indexOf(form);
        if (index < 0) {
            index = forms.size();
            forms.add(form);
            found.add(new NamedAggregate(name, bound));
        }
        return new ColumnRef(firstPlace + index, name, bound.type(), bound.nullable());
    }

    private static @Nullable BoundExpression condition(ExpressionBinder binder, String name, Expression.Call call) {
        BoundExpression condition = binder.bind(java.util.Objects.requireNonNull(call.filter()));
        if (condition.type() == AtomicType.NULL) {
            return new Constant(null, AtomicType.BOOLEAN);
        } else if (condition.type() != AtomicType.BOOLEAN) {
            throw new AnalysisException(
                    ErrorCode.TYPE_MISMATCH,
                    "The FILTER of " + name + " has type " + condition.type().sql()
                            + ", but must be a BOOLEAN. Compare it with something.",
                    call.origin());
        }
        requireDeterministic(condition, name, call);
        boolean always = condition instanceof Constant constant && Boolean.TRUE.equals(constant.value());
        return always ? null : condition;
    }

    private static void requireDeterministic(BoundExpression value, String name, Expression.Call call) {
        if (!Expressions.isDeterministic(value)) {
            throw new AnalysisException(
                    ErrorCode.MISPLACED_AGGREGATE,
                    "Random values are not allowed in the arguments of an aggregate function: " + name
                            + ". Compute them in a subquery.",
                    call.origin());
        }
    }

    private static AggregateCall form(AggregateCall call) {
        return new AggregateCall(
                call.function(),
                call.arguments().stream().map(SemanticForm::of).toList(),
                call.filter() == null ? null : SemanticForm.of(call.filter()));
    }
}
