package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.FloatVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.Validity;

/** The binary operators on float and double. A divisor of zero fails or gives null, it is never infinite. */
final class FloatingArithmetic {
    private FloatingArithmetic() {}

    static ColumnVector doubles(
            ArithmeticOperator op, DoubleVector left, DoubleVector right, Selection rows, EvalMode mode) {
        double[] a = left.values();
        double[] b = right.values();
        int limit = rows.limit();
        double[] out = new double[limit];
        long[] validity = Validity.and(left.validity(), right.validity());
        if (op.divides()) {
            NullMask nulls = new NullMask(limit, validity);
            int[] at = rows.positions();
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                if (b[row] != 0) {
                    out[row] = divided(op, a[row], b[row]);
                } else if (nulls.isValid(row)) {
                    IntegerArithmetic.byZero(op, row, nulls, mode);
                }
            }
            return new DoubleVector(AtomicType.DOUBLE, limit, out, nulls.bits());
        }
        switch (op) {
            case ADD -> {
                for (int i = 0; i < limit; i++) {
                    out[i] = a[i] + b[i];
                }
            }
            case SUBTRACT -> {
                for (int i = 0; i < limit; i++) {
                    out[i] = a[i] - b[i];
                }
            }
            default -> {
                for (int i = 0; i < limit; i++) {
                    out[i] = a[i] * b[i];
                }
            }
        }
        return new DoubleVector(AtomicType.DOUBLE, limit, out, validity);
    }

    private static double divided(ArithmeticOperator op, double a, double b) {
        if (op == ArithmeticOperator.DIVIDE) {
            return a / b;
        }
        double r = a % b;
        return op == ArithmeticOperator.PMOD && r < 0 ? (r + b) % b : r;
    }

    static ColumnVector floats(
            ArithmeticOperator op, FloatVector left, FloatVector right, Selection rows, EvalMode mode) {
        float[] a = left.values();
        float[] b = right.values();
        int limit = rows.limit();
        float[] out = new float[limit];
        NullMask nulls = new NullMask(limit, Validity.and(left.validity(), right.validity()));
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (op.divides() && b[row] == 0) {
                if (nulls.isValid(row)) {
                    IntegerArithmetic.byZero(op, row, nulls, mode);
                }
                continue;
            }
            out[row] = switch (op) {
                case ADD -> a[row] + b[row];
                case SUBTRACT -> a[row] - b[row];
                case MULTIPLY -> a[row] * b[row];
                default -> remainder(op, a[row], b[row]);
            };
        }
        return new FloatVector(AtomicType.FLOAT, limit, out, nulls.bits());
    }

    private static float remainder(ArithmeticOperator op, float a, float b) {
        float r = a % b;
        return op == ArithmeticOperator.PMOD && r < 0 ? (r + b) % b : r;
    }
}
