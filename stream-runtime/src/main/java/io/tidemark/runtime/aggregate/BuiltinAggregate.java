package io.tidemark.runtime.aggregate;

import static java.util.Objects.requireNonNull;

import io.tidemark.runtime.expression.BindContext;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.function.Arguments;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An aggregate function given by how it is typed. Equal to itself only, so make each one once. */
final class BuiltinAggregate implements AggregateDefinition {
    private final String name;
    private final List<String> aliases;
    private final Typing typing;

    /** Checks and casts the arguments in place, drops those that are no columns, and says what to keep of the others. */
    @FunctionalInterface
    interface Typing {
        AggregateFunction bind(Arguments arguments);
    }

    private BuiltinAggregate(String name, List<String> aliases, Typing typing) {
        this.name = requireNonNull(name, "name");
        this.aliases = List.copyOf(aliases);
        this.typing = requireNonNull(typing, "typing");
    }

    static BuiltinAggregate of(String name, Typing typing) {
        return new BuiltinAggregate(name, List.of(), typing);
    }

    /** Returns the same function under further names. */
    BuiltinAggregate alias(String... others) {
        return new BuiltinAggregate(name, List.of(others), typing);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> aliases() {
        return aliases;
    }

    @Override
    public AggregateCall bind(List<BoundExpression> arguments, @Nullable BoundExpression filter, BindContext context) {
        Arguments checked = new Arguments(name, arguments, context);
        AggregateFunction function = typing.bind(checked);
        return new AggregateCall(function, checked.list(), filter);
    }

    @Override
    public String toString() {
        return name;
    }
}
