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
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * {@code CAST} and {@code TRY_CAST}. One argument; the type of the call is the type to cast to. Not found by name: the
 * type is no argument, so calls are made by {@link #bind(BoundExpression, DataType, CastMode, BindContext)}.
 */
public final class CastFunction implements FunctionDefinition {
    private static final CastFunction CAST = new CastFunction("cast", CastMode.CAST, true);
    private static final CastFunction TRY_CAST = new CastFunction("try_cast", CastMode.TRY_CAST, true);
    /** Of texts like {@code 10:30}, which mean the day of the batch. */
    private static final CastFunction CAST_TIME = new CastFunction("cast", CastMode.CAST, false);

    private static final CastFunction TRY_CAST_TIME = new CastFunction("try_cast", CastMode.TRY_CAST, false);

    private final String name;
    private final CastMode mode;
    private final boolean foldable;

    private CastFunction(String name, CastMode mode, boolean foldable) {
        this.name = name;
        this.mode = mode;
        this.foldable = foldable;
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
        boolean fails = context.ansi() && mode == CastMode.CAST;
        if (!fails && CastRules.mayLoseKeys(from, to)) {
            throw refused(from, to, ansi, context);
        }
        boolean nullable = input.nullable() || !CastRules.isTotal(from, to, fails);
        boolean ofTime = to == AtomicType.TIMESTAMP && isTimeOnly(input);
        CastFunction function = of(mode, ofTime);
        return new BoundCall(function, List.of(input), to, nullable, context.origin());
    }

    private static CastFunction of(CastMode mode, boolean ofTime) {
        if (mode == CastMode.CAST) {
            return ofTime ? CAST_TIME : CAST;
        }
        return ofTime ? TRY_CAST_TIME : TRY_CAST;
    }

    private static boolean isTimeOnly(BoundExpression input) {
        if (!(input instanceof Constant constant && constant.value() instanceof String text)) {
            return false;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        TimestampText parsed = TimestampText.parse(utf8, 0, utf8.length);
        return parsed != null && parsed.timeOnly();
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
    public boolean isFoldable() {
        return foldable;
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
        return new OverflowGuard((batch, rows, context) -> conversion.apply(
                input.evaluate(batch, rows, context),
                rows,
                new Conversion.Run(tries ? EvalMode.TRY : EvalMode.of(context), context)));
    }
}
