package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.Validity;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** The binary operators on decimals. Sums and products that cannot leave 18 digits are computed on longs. */
final class DecimalArithmetic {
    /** Spark computes with one digit more than it stores, to see an overflow. */
    private static final MathContext CONTEXT = new MathContext(DecimalType.MAX_PRECISION + 1, RoundingMode.HALF_UP);

    private static final int QUOTIENT_SCALE = DecimalType.MAX_PRECISION + 1;

    private DecimalArithmetic() {}

    static ColumnVector apply(
            ArithmeticOperator op,
            DecimalType result,
            DecimalVector left,
            DecimalVector right,
            Selection rows,
            EvalMode mode) {
        if (!op.divides() && result.fitsLong()) {
            return onLongs(op, result, left, right, rows.limit());
        } else if (op == ArithmeticOperator.INTEGRAL_DIVIDE) {
            return integralQuotient(left, right, rows, mode);
        }
        long[] validity = Validity.and(left.validity(), right.validity());
        DecimalOutput out = new DecimalOutput(result, rows.limit(), validity, mode);
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (!out.isValid(row)) {
                continue;
            }
            BigDecimal a = left.decimal(row);
            BigDecimal b = right.decimal(row);
            if (op.divides() && b.signum() == 0) {
                if (mode == EvalMode.ANSI) {
                    throw op.isRemainder() ? EvaluationErrors.remainderByZero() : EvaluationErrors.divideByZero();
                }
                out.setNull(row);
            } else {
                out.set(row, combine(op, a, b));
            }
        }
        return out.build();
    }

    private static BigDecimal combine(ArithmeticOperator op, BigDecimal a, BigDecimal b) {
        return switch (op) {
            case ADD -> a.add(b);
            case SUBTRACT -> a.subtract(b);
            case MULTIPLY -> a.multiply(b, CONTEXT);
            case DIVIDE -> a.divide(b, QUOTIENT_SCALE, RoundingMode.HALF_UP);
            case REMAINDER -> a.remainder(b);
            case PMOD -> {
                BigDecimal r = a.remainder(b);
                yield r.signum() < 0 ? r.add(b).remainder(b) : r;
            }
            case INTEGRAL_DIVIDE -> a.divideToIntegralValue(b);
        };
    }

    /** The type of the result leaves room for every sum or product of the operands. */
    private static ColumnVector onLongs(
            ArithmeticOperator op, DecimalType result, DecimalVector left, DecimalVector right, int limit) {
        long[] a = left.longs();
        long[] b = right.longs();
        long[] out = new long[limit];
        if (op == ArithmeticOperator.MULTIPLY) {
            for (int i = 0; i < limit; i++) {
                out[i] = a[i] * b[i];
            }
        } else {
            long up =
                    DecimalConversions.power(result.scale() - left.decimalType().scale());
            long upRight = DecimalConversions.power(
                    result.scale() - right.decimalType().scale());
            long upOrDown = op == ArithmeticOperator.ADD ? upRight : -upRight;
            for (int i = 0; i < limit; i++) {
                out[i] = a[i] * up + b[i] * upOrDown;
            }
        }
        return new DecimalVector(result, limit, out, Validity.and(left.validity(), right.validity()));
    }

    private static ColumnVector integralQuotient(
            DecimalVector left, DecimalVector right, Selection rows, EvalMode mode) {
        long[] out = new long[rows.limit()];
        NullMask nulls = new NullMask(out.length, Validity.and(left.validity(), right.validity()));
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (!nulls.isValid(row)) {
                continue;
            }
            BigDecimal divisor = right.decimal(row);
            if (divisor.signum() == 0) {
                IntegerArithmetic.byZero(ArithmeticOperator.INTEGRAL_DIVIDE, row, nulls, mode);
                continue;
            }
            BigDecimal quotient = left.decimal(row).divideToIntegralValue(divisor);
            out[row] = quotient.longValue();
            if (mode != EvalMode.LEGACY && quotient.compareTo(BigDecimal.valueOf(out[row])) != 0) {
                if (mode == EvalMode.ANSI) {
                    throw EvaluationErrors.overflow("Overflow in integral divide", "try_divide");
                }
                nulls.setNull(row);
            }
        }
        return new LongVector(AtomicType.BIGINT, out.length, out, nulls.bits());
    }
}
