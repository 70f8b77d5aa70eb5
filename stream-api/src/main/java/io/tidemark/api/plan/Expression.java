package io.tidemark.api.plan;

import static java.util.Objects.requireNonNull;

import io.tidemark.api.error.Origin;
import io.tidemark.api.types.DataType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A value to compute, as it was written: names unresolved, types open. Compared by value, positions included. */
public sealed interface Expression {
    /** Returns where it stands in the query text. */
    Origin origin();

    /** A column or, with several parts, a qualified column or a field of a struct: {@code d.user_id}. */
    record Attribute(List<String> nameParts, Origin origin) implements Expression {
        public Attribute {
            nameParts = List.copyOf(nameParts);
            if (nameParts.isEmpty()) {
                throw new IllegalArgumentException("a column needs a name");
            }
        }
    }

    /** All columns ({@code *}), or all of a relation or struct ({@code d.*}). */
    record Star(List<String> qualifier, Origin origin) implements Expression {
        public Star {
            qualifier = List.copyOf(qualifier);
        }
    }

    /** A constant: a value as {@link io.tidemark.api.vector.ColumnVector#value} gives it, or null. */
    record Literal(@Nullable Object value, DataType type, Origin origin) implements Expression {
        public Literal {
            requireNonNull(type, "type");
        }
    }

    /**
     * A function or operator by its registered name in lower case: {@code concat}, {@code +}, {@code <=>}, {@code and},
     * {@code case} (condition, value, …, else), {@code in} (value, choices …).
     *
     * @param distinct whether {@code DISTINCT} stood before the arguments
     * @param filter the condition of an aggregate's {@code FILTER (WHERE …)}, or null
     */
    record Call(
            String function, List<Expression> arguments, boolean distinct, @Nullable Expression filter, Origin origin)
            implements Expression {
        public Call {
            requireNonNull(function, "function");
            arguments = List.copyOf(arguments);
        }

        /** A plain call. */
        public Call(String function, List<Expression> arguments, Origin origin) {
            this(function, arguments, false, null, origin);
        }
    }

    /** A field of a struct by name, or of each struct in an array: {@code expr.name}. */
    record FieldAccess(Expression input, String field, Origin origin) implements Expression {}

    /** A cast; {@code TRY_CAST} gives null where {@code CAST} fails. */
    record Cast(Expression input, DataType type, CastMode mode, Origin origin) implements Expression {}

    /** What a cast does with a value that does not fit. */
    enum CastMode {
        CAST,
        TRY_CAST
    }

    /** A named expression. */
    record Alias(Expression input, String name, Origin origin) implements Expression {
        public Alias {
            requireNonNull(name, "name");
        }
    }
}
