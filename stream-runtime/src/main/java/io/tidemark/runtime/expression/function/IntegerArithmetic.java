package io.tidemark.runtime.expression.function;

import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.Validity;

/**
 * The binary operators on integers. A first loop without branches computes every position and notes whether anything
 * overflowed; only then is each row looked at.
 */
final class IntegerArithmetic {
    private IntegerArithmetic() {}

    static ColumnVector ints(
            ArithmeticOperator op, AtomicType type, IntVector left, IntVector right, Selection rows, EvalMode mode) {
        return op.divides()
                ? intsDivided(op, type, left, right, rows, mode)
                : intsCombined(op, type, left, right, rows, mode);
    }

    private static ColumnVector intsCombined(
            ArithmeticOperator op, AtomicType type, IntVector left, IntVector right, Selection rows, EvalMode mode) {
        int[] a = left.values();
        int[] b = right.values();
        int limit = rows.limit();
        int[] out = new int[limit];
        long min = NumberConversions.min(type);
        long max = NumberConversions.max(type);
        long outside = 0;
        switch (op) {
            case ADD -> {
                for (int i = 0; i < limit; i++) {
                    long r = (long) a[i] + b[i];
                    out[i] = (int) r;
                    outside |= (r - min) | (max - r);
                }
            }
            case SUBTRACT -> {
                for (int i = 0; i < limit; i++) {
                    long r = (long) a[i] - b[i];
                    out[i] = (int) r;
                    outside |= (r - min) | (max - r);
                }
            }
            default -> {
                for (int i = 0; i < limit; i++) {
                    long r = (long) a[i] * b[i];
                    out[i] = (int) r;
                    outside |= (r - min) | (max - r);
                }
            }
        }
        long[] validity = Validity.and(left.validity(), right.validity());
        if (outside >= 0) {
            return new IntVector(type, limit, out, validity);
        }
        NullMask nulls = new NullMask(limit, validity);
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            long exact =
                    switch (op) {
                        case ADD -> (long) a[row] + b[row];
                        case SUBTRACT -> (long) a[row] - b[row];
                        default -> (long) a[row] * b[row];
                    };
            out[row] = NumberConversions.narrow(exact, type);
            if (exact != out[row] && mode != EvalMode.LEGACY && nulls.isValid(row)) {
                if (mode == EvalMode.ANSI) {
                    throw intOverflow(op, type, a[row], b[row]);
                }
                nulls.setNull(row);
            }
        }
        return new IntVector(type, limit, out, nulls.bits());
    }

    private static EvaluationException intOverflow(ArithmeticOperator op, AtomicType type, int left, int right) {
        return type == AtomicType.INT
                ? EvaluationErrors.overflow("integer overflow", op.forgiving())
                : EvaluationErrors.smallOverflow(type, left, op.symbol(), right, op.forgiving());
    }

    private static ColumnVector intsDivided(
            ArithmeticOperator op, AtomicType type, IntVector left, IntVector right, Selection rows, EvalMode mode) {
        int[] a = left.values();
        int[] b = right.values();
        int[] out = new int[rows.limit()];
        NullMask nulls = new NullMask(out.length, Validity.and(left.validity(), right.validity()));
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (!nulls.isValid(row)) {
                continue;
            } else if (b[row] == 0) {
                byZero(op, row, nulls, mode);
                continue;
            }
            int r = a[row] % b[row];
            out[row] =
                    op == ArithmeticOperator.PMOD && r < 0 ? NumberConversions.narrow((r + b[row]) % b[row], type) : r;
        }
        return new IntVector(type, out.length, out, nulls.bits());
    }

    static ColumnVector longs(ArithmeticOperator op, LongVector left, LongVector right, Selection rows, EvalMode mode) {
        return op.divides() ? longsDivided(op, left, right, rows, mode) : longsCombined(op, left, right, rows, mode);
    }

    private static ColumnVector longsCombined(
            ArithmeticOperator op, LongVector left, LongVector right, Selection rows, EvalMode mode) {
        long[] a = left.values();
        long[] b = right.values();
        int limit = rows.limit();
        long[] out = new long[limit];
        long overflow = 0;
        switch (op) {
            case ADD -> {
                for (int i = 0; i < limit; i++) {
                    out[i] = a[i] + b[i];
                    overflow |= (a[i] ^ out[i]) & (b[i] ^ out[i]);
                }
            }
            case SUBTRACT -> {
                for (int i = 0; i < limit; i++) {
                    out[i] = a[i] - b[i];
                    overflow |= (a[i] ^ b[i]) & (a[i] ^ out[i]);
                }
            }
            default -> {
                long differs = 0;
                for (int i = 0; i < limit; i++) {
                    out[i] = a[i] * b[i];
                    differs |= Math.multiplyHigh(a[i], b[i]) ^ (out[i] >> 63);
                }
                overflow = differs == 0 ? 0 : -1;
            }
        }
        long[] validity = Validity.and(left.validity(), right.validity());
        if (overflow >= 0 || mode == EvalMode.LEGACY) {
            return new LongVector(AtomicType.BIGINT, limit, out, validity);
        }
        NullMask nulls = new NullMask(limit, validity);
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (overflows(op, a[row], b[row], out[row]) && nulls.isValid(row)) {
                if (mode == EvalMode.ANSI) {
                    throw EvaluationErrors.overflow("long overflow", op.forgiving());
                }
                nulls.setNull(row);
            }
        }
        return new LongVector(AtomicType.BIGINT, limit, out, nulls.bits());
    }

    private static boolean overflows(ArithmeticOperator op, long a, long b, long r) {
        return switch (op) {
            case ADD -> ((a ^ r) & (b ^ r)) < 0;
            case SUBTRACT -> ((a ^ b) & (a ^ r)) < 0;
            default -> Math.multiplyHigh(a, b) != r >> 63;
        };
    }

    private static ColumnVector longsDivided(
            ArithmeticOperator op, LongVector left, LongVector right, Selection rows, EvalMode mode) {
        long[] a = left.values();
        long[] b = right.values();
        long[] out = new long[rows.limit()];
        NullMask nulls = new NullMask(out.length, Validity.and(left.validity(), right.validity()));
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (!nulls.isValid(row)) {
                continue;
            } else if (b[row] == 0) {
                byZero(op, row, nulls, mode);
                continue;
            }
            if (op == ArithmeticOperator.INTEGRAL_DIVIDE) {
                if (a[row] == Long.MIN_VALUE && b[row] == -1 && mode != EvalMode.LEGACY) {
                    if (mode == EvalMode.ANSI) {
                        throw EvaluationErrors.overflow("Overflow in integral divide", op.forgiving());
                    }
                    nulls.setNull(row);
                }
                out[row] = a[row] / b[row];
            } else {
                long r = a[row] % b[row];
                out[row] = op == ArithmeticOperator.PMOD && r < 0 ? (r + b[row]) % b[row] : r;
            }
        }
        return new LongVector(AtomicType.BIGINT, out.length, out, nulls.bits());
    }

    /** A division by zero at a valid row: fails or makes it null. */
    static void byZero(ArithmeticOperator op, int row, NullMask nulls, EvalMode mode) {
        if (mode == EvalMode.ANSI) {
            throw op.isRemainder() ? EvaluationErrors.remainderByZero() : EvaluationErrors.divideByZero();
        }
        nulls.setNull(row);
    }
}
