package io.tidemark.runtime.expression.function;

import io.tidemark.api.plan.Expression.CastMode;
import io.tidemark.api.types.DataType;
import io.tidemark.runtime.expression.BindContext;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import java.util.List;

/**
 * {@code CAST} and {@code TRY_CAST}. One argument; the type of the call is the type to cast to. Not found by name: the
 * type is no argument, so calls are made by {@link #bind(BoundExpression, DataType, CastMode, BindContext)}.
 */
public final class CastFunction implements FunctionDefinition {
    private static final CastFunction CAST = new CastFunction("cast");
    private static final CastFunction TRY_CAST = new CastFunction("try_cast");

    private final String name;

    private CastFunction(String name) {
        this.name = name;
    }

    /**
     * Returns {@code input} as a value of type {@code to}.
     *
     * @throws io.tidemark.api.error.AnalysisException {@code TYPE_MISMATCH} if there is no such cast
     */
    public static BoundExpression bind(BoundExpression input, DataType to, CastMode mode, BindContext context) {
        if (input.type().equals(to)) {
            return input;
        }
        return new BoundCall(mode == CastMode.CAST ? CAST : TRY_CAST, List.of(input), to, true, context.origin());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public BoundExpression bind(List<BoundExpression> arguments, BindContext context) {
        throw new IllegalStateException("a cast is bound with its type");
    }

    @Override
    public Kernel kernel(BoundCall call, List<Kernel> arguments) {
        throw new UnsupportedOperationException("cast");
    }
}
