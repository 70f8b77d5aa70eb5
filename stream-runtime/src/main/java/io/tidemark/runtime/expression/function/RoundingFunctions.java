package io.tidemark.runtime.expression.function;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.FloatVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Objects;

/** {@code round} and {@code bround} to a number of digits, {@code floor} and {@code ceil} with or without one. */
final class RoundingFunctions {
    /** Up to here a product with a power of ten is off by far less than {@link #TIE}. */
    private static final double SAFE_PRODUCT = 1e9;

    private static final double TIE = 1e-5;

    private RoundingFunctions() {}

    static List<FunctionDefinition> all() {
        return List.of(
                rounding("round", RoundingMode.HALF_UP),
                rounding("bround", RoundingMode.HALF_EVEN),
                directed("floor", RoundingMode.FLOOR),
                directed("ceil", RoundingMode.CEILING).alias("ceiling"));
    }

    private static Builtin rounding(String name, RoundingMode mode) {
        return Builtin.of(
                name,
                arguments -> {
                    arguments.count(1, 2);
                    DataType type = arguments.numeric(0);
                    int scale = scale(arguments);
                    DataType result = type instanceof DecimalType decimal ? rounded(decimal, scale) : type;
                    return arguments.call(
                            result,
                            arguments.anyNullable() || !arguments.context().ansi());
                },
                (call, kernels) -> roundKernel(call, kernels.get(0), mode));
    }

    private static Builtin directed(String name, RoundingMode mode) {
        return Builtin.of(
                name, RoundingFunctions::bindDirected, (call, kernels) -> directedKernel(call, kernels.get(0), mode));
    }

    private static BoundExpression bindDirected(Arguments arguments) {
        arguments.count(1, 2);
        DataType type = arguments.numeric(0);
        if (arguments.size() == 2) {
            DecimalType decimal = TypeCoercion.decimalFor(type);
            arguments.cast(0, decimal);
            return arguments.call(rounded(decimal, scale(arguments)));
        } else if (type instanceof DecimalType decimal) {
            if (decimal.scale() == 0) {
                return arguments.get(0);
            }
            return arguments.call(new DecimalType(decimal.precision() - decimal.scale() + 1, 0));
        } else if (TypeCoercion.isIntegral(type)) {
            return arguments.cast(0, AtomicType.BIGINT);
        }
        arguments.cast(0, AtomicType.DOUBLE);
        return arguments.call(AtomicType.BIGINT);
    }

    /** Returns the number of digits, which must be a constant, and puts it among the arguments as an int. */
    private static int scale(Arguments arguments) {
        if (arguments.size() == 1) {
            return 0;
        }
        int sign = 1;
        BoundExpression digits = arguments.get(1);
        if (digits instanceof BoundCall call && call.function().name().equals("negative")) {
            sign = -1;
            digits = call.arguments().get(0);
        }
        if (digits instanceof Constant constant
                && constant.value() instanceof Number number
                && TypeCoercion.isIntegral(constant.type())) {
            int scale = sign * number.intValue();
            arguments.set(1, new Constant(scale, AtomicType.INT));
            return scale;
        }
        throw new AnalysisException(
                ErrorCode.INVALID_ARGUMENT_VALUE,
                "The number of digits to round to must be an integer constant. Write it as a number.",
                arguments.context().origin());
    }

    private static DecimalType rounded(DecimalType type, int scale) {
        int integral = type.precision() - type.scale() + 1;
        int max = DecimalType.MAX_PRECISION;
        if (scale < 0) {
            return new DecimalType(Math.min(Math.max(integral, 1 - scale), max), 0);
        }
        int kept = Math.min(type.scale(), scale);
        return new DecimalType(Math.min(integral + kept, max), kept);
    }

    private static int scaleOf(BoundCall call) {
        return call.arguments().size() == 1
                ? 0
                : (Integer) Objects.requireNonNull(((Constant) call.arguments().get(1)).value());
    }

    private static Kernel roundKernel(BoundCall call, Kernel input, RoundingMode mode) {
        int scale = scaleOf(call);
        DataType type = call.type();
        return (batch, rows, context) -> {
            ColumnVector column = input.evaluate(batch, rows, context);
            if (column instanceof DecimalVector decimals) {
                return decimals(decimals, (DecimalType) type, scale, mode, rows, EvalMode.of(context));
            } else if (column instanceof DoubleVector doubles) {
                return doubles(doubles, scale, mode, rows);
            } else if (column instanceof FloatVector floats) {
                return floats(floats, scale, mode, rows);
            }
            return scale >= 0 ? column : integers(column, (AtomicType) type, scale, mode, rows, context.ansi());
        };
    }

    private static ColumnVector decimals(
            DecimalVector column, DecimalType type, int scale, RoundingMode mode, Selection rows, EvalMode evalMode) {
        DecimalOutput out = new DecimalOutput(type, rows.limit(), column.validity(), evalMode);
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (out.isValid(row)) {
                out.set(row, column.decimal(row).setScale(Math.min(scale, type.scale() + 38), mode));
            }
        }
        return out.build();
    }

    private static ColumnVector doubles(DoubleVector column, int scale, RoundingMode mode, Selection rows) {
        double[] in = column.values();
        double[] out = new double[rows.limit()];
        double power = scale >= 0 && scale <= 15 ? DecimalConversions.power(scale) : 0;
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            double product = in[row] * power;
            double below = Math.floor(product);
            double fraction = product - below;
            boolean safe = power != 0 && Math.abs(product) < SAFE_PRODUCT && Math.abs(fraction - 0.5) > TIE;
            if (safe && (product > 1 || product < -1)) {
                out[row] = (fraction > 0.5 ? below + 1 : below) / power; // one rounding: both sides are exact
            } else {
                out[row] = round(in[row], scale, mode);
            }
        }
        return new DoubleVector(AtomicType.DOUBLE, out.length, out, column.validity());
    }

    /** The plain way: the shortest decimal that reads back as the value is rounded. */
    static double round(double value, int scale, RoundingMode mode) {
        return Double.isFinite(value)
                ? BigDecimal.valueOf(value).setScale(scale, mode).doubleValue()
                : value;
    }

    private static ColumnVector floats(FloatVector column, int scale, RoundingMode mode, Selection rows) {
        float[] in = column.values();
        float[] out = new float[rows.limit()];
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            out[row] = Float.isFinite(in[row])
                    ? BigDecimal.valueOf(in[row]).setScale(scale, mode).floatValue()
                    : in[row];
        }
        return new FloatVector(AtomicType.FLOAT, out.length, out, column.validity());
    }

    private static ColumnVector integers(
            ColumnVector column, AtomicType type, int scale, RoundingMode mode, Selection rows, boolean fails) {
        long[] in = NumberConversions.toLongs(column, rows.limit());
        long[] out = new long[rows.limit()];
        BigDecimal min = BigDecimal.valueOf(NumberConversions.min(type));
        BigDecimal max = BigDecimal.valueOf(NumberConversions.max(type));
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (column.isNull(row)) {
                continue;
            }
            BigDecimal rounded = BigDecimal.valueOf(in[row]).setScale(Math.max(scale, -20), mode);
            if (fails && (rounded.compareTo(min) < 0 || rounded.compareTo(max) > 0)) {
                throw EvaluationErrors.overflow("Overflow", null);
            }
            out[row] = rounded.longValue();
        }
        if (type == AtomicType.BIGINT) {
            return new LongVector(type, out.length, out, column.validity());
        }
        int[] narrow = new int[out.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = NumberConversions.narrow(out[i], type);
        }
        return new IntVector(type, narrow.length, narrow, column.validity());
    }

    private static Kernel directedKernel(BoundCall call, Kernel input, RoundingMode mode) {
        int scale = scaleOf(call);
        return (batch, rows, context) -> {
            ColumnVector column = input.evaluate(batch, rows, context);
            if (column instanceof DecimalVector decimals) {
                return decimals(decimals, (DecimalType) call.type(), scale, mode, rows, EvalMode.of(context));
            }
            double[] in = ((DoubleVector) column).values();
            long[] out = new long[rows.limit()];
            for (int i = 0; i < out.length; i++) {
                out[i] = (long) (mode == RoundingMode.FLOOR ? Math.floor(in[i]) : Math.ceil(in[i]));
            }
            return new LongVector(AtomicType.BIGINT, out.length, out, column.validity());
        };
    }
}
