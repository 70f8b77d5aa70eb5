package io.tidemark.runtime.expression;

import io.tidemark.api.error.Origin;
import io.tidemark.api.types.DataType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression whose names are resolved and whose type is known. Immutable, compared by value. */
public sealed interface BoundExpression {
    DataType type();

    /** Returns whether a row may give null. */
    boolean nullable();

    /** A column of the input by its place. */
    record ColumnRef(int ordinal, String name, DataType type, boolean nullable) implements BoundExpression {}

    /** A constant: a value as {@link io.tidemark.api.vector.ColumnVector#value} gives it, or null. */
    record Constant(@Nullable Object value, DataType type) implements BoundExpression {
        @Override
        public boolean nullable() {
            return value == null;
        }
    }

    /**
     * A function applied to arguments that have the types it wants.
     *
     * @param function what it is; makes the kernel
     * @param type of the result; for {@code from_json} the schema to read, which the optimiser may narrow
     * @param origin where it stands in the text, for messages at run time
     */
    record BoundCall(
            FunctionDefinition function,
            List<BoundExpression> arguments,
            DataType type,
            boolean nullable,
            Origin origin)
            implements BoundExpression {
        public BoundCall {
            arguments = List.copyOf(arguments);
        }
    }
}
