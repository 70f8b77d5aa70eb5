package io.tidemark.runtime.aggregate;

import io.tidemark.runtime.expression.BindContext;
import io.tidemark.runtime.expression.BoundExpression;
import java.util.List;

/** An aggregate function by name: how a call of it is typed. Singletons. */
public interface AggregateDefinition {
    /** Returns the name by which plans show it, in lower case. */
    String name();

    /** Returns further names in lower case. */
    default List<String> aliases() {
        return List.of();
    }

    /**
     * Checks number and types of the arguments, adds Spark's implicit casts, and says what to keep: {@code bool_and}
     * keeps a {@code min}, {@code count_if} a {@code count}, as in Spark's optimised plans.
     *
     * @param filter the condition of {@code FILTER (WHERE …)}, of type boolean, or null
     * @throws io.tidemark.api.error.AnalysisException {@code WRONG_ARGUMENT_COUNT} or {@code TYPE_MISMATCH}
     */
    AggregateCall bind(
            List<BoundExpression> arguments,
            @org.jspecify.annotations.Nullable BoundExpression filter,
            BindContext context);
}
