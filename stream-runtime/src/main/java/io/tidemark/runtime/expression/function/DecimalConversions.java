package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.FloatVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Conversions to and from decimals. */
final class DecimalConversions {
    private static final long[] POWERS = new long[19];
    private static final double[] DOUBLE_POWERS = new double[19];
    /** Longs below this are exact as doubles. */
    private static final long EXACT_DOUBLE = 1L << 53;

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
        for (int i = 0; i < POWERS.length; i++) {
            DOUBLE_POWERS[i] = POWERS[i];
        }
    }

    private DecimalConversions() {}

    /** Returns ten to the power of {@code exponent}, 0 to 18. */
    static long power(int exponent) {
        return POWERS[exponent];
    }

    static Conversion toDecimal(DataType from, DecimalType to) {
        if (from instanceof DecimalType decimal) {
            return (input, rows, run) -> rescale((DecimalVector) input, decimal, to, rows, run);
        } else if (from == AtomicType.FLOAT || from == AtomicType.DOUBLE) {
            return (input, rows, run) -> floatingToDecimal(input, to, rows, run);
        }
        return (input, rows, run) -> integersToDecimal(input, to, rows, run);
    }

    static Conversion fromDecimal(AtomicType to) {
        return switch (to) {
            case BOOLEAN -> (input, rows, run) -> toBoolean((DecimalVector) input, rows);
            case FLOAT -> (input, rows, run) -> toFloat((DecimalVector) input, rows);
            case DOUBLE ->
                (input, rows, run) ->
                        new DoubleVector(to, rows.limit(), toDoubles((DecimalVector) input, rows), input.validity());
            case BIGINT -> (input, rows, run) -> toLong((DecimalVector) input, rows, run);
            case TINYINT, SMALLINT, INT ->
                (input, rows, run) -> {
                    if (run.mode() != EvalMode.LEGACY) {
                        ColumnVector longs = toBounded((DecimalVector) input, to, rows, run);
                        return new IntVector(
                                to,
                                rows.limit(),
                                toInts(((LongVector) longs).values(), rows.limit(), to),
                                longs.validity());
                    }
                    long[] values = ((LongVector) toLong((DecimalVector) input, rows, run)).values();
                    return new IntVector(to, rows.limit(), toInts(values, rows.limit(), to), input.validity());
                };
            default -> throw new IllegalArgumentException("no conversion from decimal to " + to);
        };
    }

    private static int[] toInts(long[] values, int limit, AtomicType to) {
        int[] out = new int[limit];
        for (int i = 0; i < limit; i++) {
            out[i] = NumberConversions.narrow(values[i], to);
        }
        return out;
    }

    private static ColumnVector rescale(
            DecimalVector input, DecimalType from, DecimalType to, Selection rows, Conversion.Run run) {
        int up = to.scale() - from.scale();
        boolean roomy = to.precision() - to.scale() >= from.precision() - from.scale();
        if (up >= 0 && roomy && from.fitsLong() && to.fitsLong()) {
            long[] values = input.longs();
            long factor = POWERS[up];
            long[] out = new long[rows.limit()];
            for (int i = 0; i < out.length; i++) {
                out[i] = values[i] * factor;
            }
            return new DecimalVector(to, out.length, out, input.validity());
        }
        DecimalOutput out = new DecimalOutput(to, rows.limit(), input.validity(), run.mode());
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (out.isValid(row)) {
                out.set(row, input.decimal(row));
            }
        }
        return out.build();
    }

    private static ColumnVector floatingToDecimal(
            ColumnVector input, DecimalType to, Selection rows, Conversion.Run run) {
        double[] values = NumberConversions.toDoubles(input, rows.limit());
        DecimalOutput out = new DecimalOutput(to, rows.limit(), input.validity(), run.mode());
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (!out.isValid(row)) {
                continue;
            } else if (Double.isFinite(values[row])) {
                out.set(row, BigDecimal.valueOf(values[row]));
            } else {
                out.setNull(row);
            }
        }
        return out.build();
    }

    private static ColumnVector integersToDecimal(
            ColumnVector input, DecimalType to, Selection rows, Conversion.Run run) {
        long[] values = NumberConversions.toLongs(input, rows.limit());
        int integral = to.precision() - to.scale();
        if (to.fitsLong() && fits(values, rows, input, POWERS[integral])) {
            long factor = POWERS[to.scale()];
            long[] out = new long[rows.limit()];
            for (int i = 0; i < out.length; i++) {
                out[i] = values[i] * factor;
            }
            return new DecimalVector(to, out.length, out, input.validity());
        }
        DecimalOutput out = new DecimalOutput(to, rows.limit(), input.validity(), run.mode());
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (out.isValid(row)) {
                out.set(row, BigDecimal.valueOf(values[row]));
            }
        }
        return out.build();
    }

    private static boolean fits(long[] values, Selection rows, ColumnVector input, long bound) {
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if ((values[row] >= bound || values[row] <= -bound) && !input.isNull(row)) {
                return false;
            }
        }
        return true;
    }

    private static ColumnVector toBoolean(DecimalVector input, Selection rows) {
        boolean[] out = new boolean[rows.limit()];
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            out[row] = !input.isNull(row) && input.unscaled(row).signum() != 0;
        }
        return new BooleanVector(AtomicType.BOOLEAN, out.length, out, input.validity());
    }

    private static ColumnVector toFloat(DecimalVector input, Selection rows) {
        float[] out = new float[rows.limit()];
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            out[row] = input.isNull(row) ? 0 : input.decimal(row).floatValue();
        }
        return new FloatVector(AtomicType.FLOAT, out.length, out, input.validity());
    }

    static double[] toDoubles(DecimalVector input, Selection rows) {
        double[] out = new double[rows.limit()];
        int scale = input.decimalType().scale();
        long[] longs = input.decimalType().fitsLong() ? input.longs() : null;
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (longs != null && longs[row] < EXACT_DOUBLE && longs[row] > -EXACT_DOUBLE) {
                out[row] = longs[row] / DOUBLE_POWERS[scale]; // both exact, so the quotient is rounded once
            } else if (!input.isNull(row)) {
                out[row] = input.decimal(row).doubleValue();
            }
        }
        return out;
    }

    private static ColumnVector toLong(DecimalVector input, Selection rows, Conversion.Run run) {
        if (run.mode() != EvalMode.LEGACY) {
            return toBounded(input, AtomicType.BIGINT, rows, run);
        }
        long[] out = new long[rows.limit()];
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (!input.isNull(row)) {
                out[row] = input.decimal(row).longValue();
            }
        }
        return new LongVector(AtomicType.BIGINT, out.length, out, input.validity());
    }

    /** The integral parts as longs, none outside the range of {@code to}. */
    private static ColumnVector toBounded(DecimalVector input, AtomicType to, Selection rows, Conversion.Run run) {
        long[] out = new long[rows.limit()];
        NullMask nulls = new NullMask(out.length, input.validity());
        BigInteger min = BigInteger.valueOf(NumberConversions.min(to));
        BigInteger max = BigInteger.valueOf(NumberConversions.max(to));
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (!nulls.isValid(row)) {
                continue;
            }
            BigInteger value = input.decimal(row).setScale(0, RoundingMode.DOWN).unscaledValue();
            if (value.compareTo(min) >= 0 && value.compareTo(max) <= 0) {
                out[row] = value.longValue();
            } else if (run.fails()) {
                throw EvaluationErrors.castOverflow(ErrorValue.of(input, row, run), input.type(), to);
            } else {
                nulls.setNull(row);
            }
        }
        return new LongVector(AtomicType.BIGINT, out.length, out, nulls.bits());
    }
}
