package io.tidemark.runtime.expression.function;

import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_DAY;
import static java.util.Objects.requireNonNull;

import io.tidemark.api.plan.Expression;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Validity;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.IntervalLiteral;
import io.tidemark.runtime.expression.Kernel;
import java.util.List;

/**
 * Dates and timestamps moved by an interval. The call has the months, the microseconds and the units of the interval as
 * constants behind the value to move.
 */
final class IntervalArithmetic {
    /** Has no place in the registry: a query reaches it by {@code +} and {@code -} only. */
    static final FunctionDefinition FUNCTION =
            Builtin.of("+ interval", IntervalArithmetic::bind, IntervalArithmetic::kernel);

    private IntervalArithmetic() {}

    static IntervalLiteral interval(List<BoundExpression> arguments) {
        return new IntervalLiteral(
                (Integer) value(arguments.get(1)), (Long) value(arguments.get(2)), (String) value(arguments.get(3)));
    }

    private static Object value(BoundExpression constant) {
        return requireNonNull(((Constant) constant).value());
    }

    private static BoundExpression bind(Arguments arguments) {
        IntervalLiteral interval = interval(arguments.count(4).list());
        DataType type = arguments.type(0);
        if (type == AtomicType.DATE && !interval.isMonths() && !interval.isDays()) {
            arguments.cast(0, AtomicType.TIMESTAMP);
        } else if (type == AtomicType.STRING && !interval.isMonths()) {
            arguments.cast(0, AtomicType.TIMESTAMP);
            return CastFunction.bind(
                    arguments.call(AtomicType.TIMESTAMP),
                    AtomicType.STRING,
                    Expression.CastMode.CAST,
                    arguments.context());
        } else if (!TypeCoercion.isDatetime(type)) {
            throw arguments.mismatch(type.sql() + " cannot be moved by " + interval.sql()
                    + ". Cast it to DATE, TIMESTAMP or TIMESTAMP_NTZ.");
        }
        return arguments.call(arguments.type(0), arguments.get(0).nullable());
    }

    private static Kernel kernel(BoundCall call, List<Kernel> kernels) {
        IntervalLiteral interval = interval(call.arguments());
        return call.type() == AtomicType.DATE
                ? dates(interval, kernels.get(0))
                : times(interval, kernels.get(0), (AtomicType) call.type());
    }

    private static Kernel dates(IntervalLiteral interval, Kernel input) {
        long days = interval.micros() / MICROS_PER_DAY;
        return (batch, rows, context) -> {
            IntVector dates = (IntVector) input.evaluate(batch, rows, context);
            int[] out = new int[rows.limit()];
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.at(i);
                if (Validity.isValid(dates.validity(), row)) {
                    long date = dates.values()[row];
                    out[row] = Math.toIntExact(
                            interval.isMonths() ? Civil.plusMonths(date, interval.months()) : date + days);
                }
            }
            return new IntVector(AtomicType.DATE, out.length, out, dates.validity());
        };
    }

    /** Whole days move the local time, what is left moves the instant: 25 hours are a day and an hour, as in Spark. */
    private static Kernel times(IntervalLiteral interval, Kernel input, AtomicType type) {
        long days = interval.micros() / MICROS_PER_DAY;
        long rest = interval.micros() % MICROS_PER_DAY;
        boolean calendar = interval.isMonths() || days != 0;
        return (batch, rows, context) -> {
            LongVector times = (LongVector) input.evaluate(batch, rows, context);
            ZoneConverter zone = new ZoneConverter(context.zone());
            boolean zoned = type == AtomicType.TIMESTAMP;
            long[] out = new long[rows.limit()];
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.at(i);
                if (!Validity.isValid(times.validity(), row)) {
                    continue;
                }
                long time = times.values()[row];
                if (calendar) {
                    long local = zoned ? zone.toLocal(time) : time;
                    long moved = interval.isMonths()
                            ? plusMonths(local, interval.months())
                            : Math.addExact(local, days * MICROS_PER_DAY);
                    time = zoned ? zone.toUtc(moved, local - time) : moved;
                }
                out[row] = Math.addExact(time, rest);
            }
            return new LongVector(type, out.length, out, times.validity());
        };
    }

    private static long plusMonths(long local, long months) {
        long day = Math.floorDiv(local, MICROS_PER_DAY);
        long inDay = local - day * MICROS_PER_DAY;
        return Math.addExact(Math.multiplyExact(Civil.plusMonths(day, months), MICROS_PER_DAY), inDay);
    }
}
