package io.tidemark.runtime.expression;

import java.util.List;

/**
 * A function or operator: how it is typed and how it is computed. Singletons, so that two calls of the same function on
 * the same arguments are equal.
 */
public interface FunctionDefinition {
    /** Returns the name by which plans show it, in lower case: {@code concat}, {@code +}. */
    String name();

    /** Returns further names in lower case. */
    default List<String> aliases() {
        return List.of();
    }

    /** Returns whether the same arguments always give the same value within one batch. */
    default boolean isDeterministic() {
        return true;
    }

    /** Returns whether the result is a constant where all arguments are, so that it may be computed once at planning. */
    default boolean isFoldable() {
        return isDeterministic();
    }

    /**
     * Checks number and types of the arguments, adds Spark's implicit casts, and returns the typed expression: usually a
     * {@link BoundExpression.BoundCall} of this function, or something it stands for.
     *
     * @throws io.tidemark.api.error.AnalysisException {@code WRONG_ARGUMENT_COUNT} or {@code TYPE_MISMATCH}, naming the
     *     function, the argument and its type, with {@link BindContext#origin}
     */
    BoundExpression bind(List<BoundExpression> arguments, BindContext context);

    /**
     * Makes the kernel of a call that {@link #bind} returned. A function that must not evaluate all arguments for all
     * rows ({@code case}, {@code coalesce}, {@code and}) calls the argument kernels with the rows it needs them for.
     */
    Kernel kernel(BoundExpression.BoundCall call, List<Kernel> arguments);
}
