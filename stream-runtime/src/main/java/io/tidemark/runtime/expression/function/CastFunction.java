package io.tidemark.runtime.expression.function;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.plan.Expression.CastMode;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.runtime.expression.BindContext;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import java.util.List;

/**
 * {@code CAST} and {@code TRY_CAST}. One argument; the type of the call is the type to cast to. Not found by name: the
 * type is no argument, so calls are made by {@link #bind(BoundExpression, DataType, CastMode, BindContext)}.
 */
public final class CastFunction implements FunctionDefinition {
    private static final CastFunction CAST = new CastFunction("cast", CastMode.CAST);
    private static final CastFunction TRY_CAST = new CastFunction("try_cast", CastMode.TRY_CAST);

    private final String name;
    private final CastMode mode;

    private CastFunction(String name, CastMode mode) {
        this.name = name;
        this.mode = mode;
    }

    /**
     * Returns {@code input} as a value of type {@code to}.
     *
     * @throws AnalysisException {@code TYPE_MISMATCH} if there is no such cast, under ANSI rules or at all
     */
    public static BoundExpression bind(BoundExpression input, DataType to, CastMode mode, BindContext context) {
        DataType from = input.type();
        if (from.equals(to)) {
            return input;
        } else if (input instanceof Constant constant && constant.value() == null) {
            return new Constant(null, to);
        }
        boolean ansi = context.ansi() || mode == CastMode.TRY_CAST;
        if (!CastRules.isAllowed(from, to, ansi)) {
            throw refused(from, to, ansi, context);
        }
        boolean nullable = input.nullable() || !CastRules.isTotal(from, to, context.ansi() && mode == CastMode.CAST);
        CastFunction function = mode == CastMode.CAST ? CAST : TRY_CAST;
        return new BoundCall(function, List.of(input), to, nullable, context.origin());
    }

    private static AnalysisException refused(DataType from, DataType to, boolean ansi, BindContext context) {
        String cure = "Use a function that says what is meant.";
        if (TypeCoercion.isNumeric(from) && to == AtomicType.DATE) {
            cure = "Use date_from_unix_date instead.";
        } else if (from == AtomicType.DATE && TypeCoercion.isNumeric(to)) {
            cure = "Use unix_date instead.";
        } else if (ansi && CastRules.isAllowed(from, to, false)) {
            cure = "Set spark.sql.ansi.enabled to false to allow it.";
        }
        return new AnalysisException(
                ErrorCode.TYPE_MISMATCH,
                "Cannot cast " + from.sql() + " to " + to.sql() + (ansi ? " with ANSI mode on" : "") + ". " + cure,
                context.origin());
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
        Conversion conversion = Conversions.of(call.arguments().get(0).type(), call.type());
        Kernel input = arguments.get(0);
        boolean tries = mode == CastMode.TRY_CAST;
        return (batch, rows, context) -> conversion.apply(
                input.evaluate(batch, rows, context),
                rows,
                new Conversion.Run(tries ? EvalMode.TRY : EvalMode.of(context), context));
    }
}
