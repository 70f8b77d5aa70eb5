package io.tidemark.runtime.expression.function;

import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_SECOND;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.LongUnaryOperator;

/** Between timestamps or dates and counts of seconds, milliseconds, microseconds or days since the epoch. */
final class EpochFunctions {
    private EpochFunctions() {}

    static List<FunctionDefinition> all() {
        return List.of(
                Builtin.of("timestamp_seconds", EpochFunctions::bindSeconds, EpochFunctions::secondsKernel),
                fromCount("timestamp_millis", millis -> exact(millis, 1_000)),
                fromCount("timestamp_micros", micros -> micros),
                toCount("unix_seconds", micros -> Math.floorDiv(micros, MICROS_PER_SECOND)),
                toCount("unix_millis", micros -> Math.floorDiv(micros, 1_000L)),
                toCount("unix_micros", micros -> micros),
                Builtin.of(
                        "unix_date",
                        arguments ->
                                arguments.count(1).castAll(0, AtomicType.DATE).call(AtomicType.INT),
                        (call, kernels) -> Elementwise.ints(kernels.get(0), AtomicType.INT, day -> day)),
                Builtin.of(
                        "date_from_unix_date",
                        arguments ->
                                arguments.count(1).castAll(0, AtomicType.INT).call(AtomicType.DATE),
                        (call, kernels) -> Elementwise.ints(kernels.get(0), AtomicType.DATE, day -> day)));
    }

    private static long exact(long value, long factor) {
        long product = value * factor;
        if (Math.multiplyHigh(value, factor) != product >> 63) {
            throw EvaluationErrors.overflow("long overflow", null);
        }
        return product;
    }

    private static Builtin fromCount(String name, LongUnaryOperator operator) {
        return Builtin.of(
                name,
                arguments -> {
                    DataType type = arguments.count(1).type(0);
                    if (!TypeCoercion.isIntegral(type)) {
                        if (type != AtomicType.STRING && type != AtomicType.NULL) {
                            throw arguments.mismatch(0, "an integral type");
                        }
                        arguments.cast(0, AtomicType.BIGINT);
                    }
                    return arguments.call(AtomicType.TIMESTAMP);
                },
                (call, kernels) -> Elementwise.longs(kernels.get(0), AtomicType.TIMESTAMP, operator));
    }

    static Builtin toCount(String name, LongUnaryOperator operator) {
        return Builtin.of(
                name,
                arguments -> arguments.count(1).castAll(0, AtomicType.TIMESTAMP).call(AtomicType.BIGINT),
                (call, kernels) -> Elementwise.longs(kernels.get(0), AtomicType.BIGINT, operator));
    }

    private static BoundExpression bindSeconds(Arguments arguments) {
        DataType type = arguments.count(1).numeric(0);
        return arguments.call(AtomicType.TIMESTAMP, arguments.anyNullable() || TypeCoercion.isFloating(type));
    }

    private static Kernel secondsKernel(BoundCall call, List<Kernel> kernels) {
        DataType type = call.arguments().get(0).type();
        Kernel input = kernels.get(0);
        if (TypeCoercion.isIntegral(type)) {
            return Elementwise.longs(input, AtomicType.TIMESTAMP, seconds -> exact(seconds, MICROS_PER_SECOND));
        } else if (type instanceof DecimalType) {
            return (batch, rows, context) -> fromDecimals((DecimalVector) input.evaluate(batch, rows, context), rows);
        }
        return (batch, rows, context) -> fromDoubles(input.evaluate(batch, rows, context), rows);
    }

    private static LongVector fromDoubles(ColumnVector column, Selection rows) {
        double[] seconds = NumberConversions.toDoubles(column, rows.limit());
        long[] out = new long[rows.limit()];
        NullMask nulls = new NullMask(out.length, column.validity());
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (Double.isFinite(seconds[row])) {
                out[row] = (long) (seconds[row] * MICROS_PER_SECOND);
            } else {
                nulls.setNull(row);
            }
        }
        return new LongVector(AtomicType.TIMESTAMP, out.length, out, nulls.bits());
    }

    private static LongVector fromDecimals(DecimalVector column, Selection rows) {
        long[] out = new long[rows.limit()];
        BigDecimal factor = BigDecimal.valueOf(MICROS_PER_SECOND);
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (!column.isNull(row)) {
                BigDecimal micros = column.decimal(row).multiply(factor);
                try {
                    out[row] = micros.setScale(0, RoundingMode.UNNECESSARY).longValueExact();
                } catch (ArithmeticException e) {
                    throw EvaluationErrors.overflow(
                            column.decimal(row).toPlainString()
                                    + " seconds are no whole number of microseconds in range",
                            null);
                }
            }
        }
        return new LongVector(AtomicType.TIMESTAMP, out.length, out, column.validity());
    }
}
