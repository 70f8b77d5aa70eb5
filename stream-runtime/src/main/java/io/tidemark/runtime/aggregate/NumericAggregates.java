package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.TypeCoercion;

/**
 * How {@code sum} and {@code avg} choose what to keep. Decimals of few digits are summed as their unscaled values, in a long
 * where ten more digits fit and in a double where four more do, as Spark's optimiser has it.
 */
final class NumericAggregates {
    private static final int SUM_DIGITS = 10;
    private static final int AVG_DIGITS = 4;
    private static final int MAX_DOUBLE_DIGITS = 15;

    private NumericAggregates() {}

    static AggregateFunction sum(Arguments arguments) {
        return sum(arguments, false);
    }

    static AggregateFunction trySum(Arguments arguments) {
        return sum(arguments, true);
    }

    private static AggregateFunction sum(Arguments arguments, boolean isTry) {
        boolean ansi = arguments.context().ansi();
        DataType input = numeric(arguments);
        if (input instanceof DecimalType decimal) {
            DecimalType sum = widened(decimal);
            return sum.fitsLong() && decimal.precision() + SUM_DIGITS <= DecimalType.MAX_LONG_DIGITS
                    ? new LongSum(sum, ansi) // also for try_sum, which Spark rewrites alike
                    : new DecimalSum(sum, ansi && !isTry);
        } else if (TypeCoercion.isIntegral(input)) {
            return isTry ? new TryLongSum() : new LongSum(AtomicType.BIGINT, ansi);
        }
        toDouble(arguments);
        return new DoubleSum();
    }

    static AggregateFunction avg(Arguments arguments) {
        return avg(arguments, false);
    }

    static AggregateFunction tryAvg(Arguments arguments) {
        return avg(arguments, true);
    }

    private static AggregateFunction avg(Arguments arguments, boolean isTry) {
        boolean ansi = arguments.context().ansi();
        DataType input = numeric(arguments);
        if (input instanceof DecimalType decimal) {
            DecimalType result = bounded(decimal.precision() + AVG_DIGITS, decimal.scale() + AVG_DIGITS);
            return decimal.precision() + AVG_DIGITS <= MAX_DOUBLE_DIGITS
                    ? new DoubleAverage(result, decimal.scale())
                    : new DecimalAverage(widened(decimal), result, ansi && !isTry);
        }
        toDouble(arguments);
        return new DoubleAverage(AtomicType.DOUBLE, 0);
    }

    /** Requires one number; a string becomes double, and a timestamp too. */
    private static DataType numeric(Arguments arguments) {
        arguments.count(1);
        if (arguments.type(0) == AtomicType.TIMESTAMP) {
            toDouble(arguments);
        }
        return arguments.numeric(0);
    }

    private static void toDouble(Arguments arguments) {
        arguments.set(0, TypeCoercion.castIfNeeded(arguments.get(0), AtomicType.DOUBLE, arguments.context()));
    }

    private static DecimalType widened(DecimalType decimal) {
        return bounded(decimal.precision() + SUM_DIGITS, decimal.scale());
    }

    private static DecimalType bounded(int precision, int scale) {
        return new DecimalType(
                Math.min(precision, DecimalType.MAX_PRECISION), Math.min(scale, DecimalType.MAX_PRECISION));
    }
}
