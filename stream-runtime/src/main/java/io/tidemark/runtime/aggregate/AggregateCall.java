package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.DataType;
import io.tidemark.runtime.expression.BoundExpression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate function on arguments of the types it wants. Compared by value: two equal calls are computed and kept
 * once.
 *
 * @param filter rows where it is not true are not counted in; null for all rows
 */
public record AggregateCall(
        AggregateFunction function, List<BoundExpression> arguments, @Nullable BoundExpression filter) {
    public AggregateCall {
        arguments = List.copyOf(arguments);
    }

    public DataType type() {
        return function.type();
    }

    public boolean nullable() {
        return function.nullable();
    }
}
