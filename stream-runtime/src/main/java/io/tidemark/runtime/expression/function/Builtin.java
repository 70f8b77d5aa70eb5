package io.tidemark.runtime.expression.function;

import static java.util.Objects.requireNonNull;

import io.tidemark.runtime.expression.BindContext;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import java.util.List;

/**
 * A function given by two lambdas: how it is typed and how it is computed. Equal to itself only, so make each one once.
 */
public final class Builtin implements FunctionDefinition {
    private final String name;
    private final List<String> aliases;
    private final Typing typing;
    private final KernelMaker kernels;
    private final boolean foldable;

    /** Types a call: usually ends with {@link Arguments#call}. */
    @FunctionalInterface
    public interface Typing {
        BoundExpression bind(Arguments arguments);
    }

    /** Makes the kernel of a typed call. */
    @FunctionalInterface
    public interface KernelMaker {
        Kernel kernel(BoundExpression.BoundCall call, List<Kernel> arguments);
    }

    private Builtin(String name, List<String> aliases, Typing typing, KernelMaker kernels, boolean foldable) {
        this.name = requireNonNull(name, "name");
        this.aliases = List.copyOf(aliases);
        this.typing = requireNonNull(typing, "typing");
        this.kernels = requireNonNull(kernels, "kernels");
        this.foldable = foldable;
    }

    /** A deterministic function without further names. */
    public static Builtin of(String name, Typing typing, KernelMaker kernels) {
        return new Builtin(name, List.of(), typing, kernels, true);
    }

    /** Returns the same function under further names. */
    public Builtin alias(String... others) {
        return new Builtin(name, List.of(others), typing, kernels, foldable);
    }

    /** Returns the same function, never computed at planning. */
    public Builtin notFoldable() {
        return new Builtin(name, aliases, typing, kernels, false);
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
    public boolean isFoldable() {
        return foldable;
    }

    @Override
    public BoundExpression bind(List<BoundExpression> arguments, BindContext context) {
        return typing.bind(new Arguments(this, arguments, context));
    }

    @Override
    public Kernel kernel(BoundExpression.BoundCall call, List<Kernel> arguments) {
        return new OverflowGuard(kernels.kernel(call, arguments));
    }

    @Override
    public String toString() {
        return name;
    }
}
