package io.tidemark.runtime.analysis;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.plan.Expression;
import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import io.tidemark.runtime.expression.SemanticForm;
import io.tidemark.runtime.expression.function.TypeCoercion;
import io.tidemark.runtime.plan.BoundPlan;
import io.tidemark.runtime.plan.BoundPlan.NamedExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Binds the keys of an order that is laid over a select list. A key names a column of the list, gives its position, or
 * computes something from what the list is computed from; that becomes a hidden column.
 */
final class Ordering {
    private final List<SelectBinder.Output> outputs;
    private final List<NamedExpression> values;
    private final ExpressionBinder binder;
    private final UnaryOperator<BoundExpression> placed;
    private final List<NamedExpression> hidden = new ArrayList<>();

    /**
     * An order over {@code outputs}.
     *
     * @param values the outputs as they are computed by the projection
     * @param binder for keys that are no outputs
     * @param placed puts what the binder gives over the projection's input
     */
    Ordering(
            List<SelectBinder.Output> outputs,
            List<NamedExpression> values,
            ExpressionBinder binder,
            UnaryOperator<BoundExpression> placed) {
        this.outputs = outputs;
        this.values = values;
        this.binder = binder;
        this.placed = placed;
    }

    /** Returns the columns that the projection needs in addition, behind its own. */
    List<NamedExpression> hidden() {
        return hidden;
    }

    List<BoundPlan.SortKey> keys(List<LogicalPlan.SortKey> written) {
        List<BoundPlan.SortKey> keys = new ArrayList<>();
        for (LogicalPlan.SortKey key : written) {
            BoundExpression value = key(key.expression());
            requireOrder(value, key.expression());
            keys.add(new BoundPlan.SortKey(value, key.ascending(), key.nullsFirst()));
        }
        return keys;
    }

    private BoundExpression key(Expression written) {
        if (written instanceof Expression.Literal literal && literal.value() instanceof Integer position) {
            return column(SelectBinder.checkedPosition("ORDER BY", position, values.size(), written.origin()));
        }
        int named = named(written);
        if (named >= 0) {
            return column(named);
        }
        BoundExpression value = placed.apply(binder.bind(written));
        List<NamedExpression> all = new ArrayList<>(values);
        all.addAll(hidden);
        for (int i = 0; i < all.size(); i++) {
            if (SemanticForm.same(all.get(i).value(), value) && Expressions.isDeterministic(value)) {
                return reference(i, all.get(i));
            }
        }
        NamedExpression more = new NamedExpression("_order" + hidden.size(), value);
        hidden.add(more);
        return reference(all.size(), more);
    }

    private int named(Expression written) {
        int found = -1;
        if (written instanceof Expression.Attribute a && a.nameParts().size() == 1) {
            String name = a.nameParts().get(0);
            for (int i = 0; i < outputs.size(); i++) {
                if (!outputs.get(i).name().equalsIgnoreCase(name)) {
                    continue;
                } else if (found >= 0
                        && !SemanticForm.same(
                                outputs.get(i).value(), outputs.get(found).value())) {
                    throw new AnalysisException(
                            ErrorCode.AMBIGUOUS_COLUMN,
                            "ORDER BY `" + name + "` is ambiguous: several columns of the select list are called so."
                                    + " Give them different aliases.",
                            written.origin());
                }
                found = found < 0 ? i : found;
            }
        }
        return found;
    }

    private BoundExpression column(int output) {
        return reference(output, values.get(output));
    }

    private static BoundExpression reference(int place, NamedExpression e) {
        return new ColumnRef(place, e.name(), e.value().type(), e.value().nullable());
    }

    /** Refuses what has no order. */
    static void requireOrder(BoundExpression key, Expression written) {
        if (!TypeCoercion.isOrderable(key.type())) {
            throw new AnalysisException(
                    ErrorCode.TYPE_MISMATCH,
                    "Cannot order by a " + key.type().sql() + ": maps have no order. Order by some of its values.",
                    written.origin());
        }
    }
}
