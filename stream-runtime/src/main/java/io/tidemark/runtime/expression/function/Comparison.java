package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.Validity;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Compares two columns of one type. Integers and doubles are compared at every position without a branch, the rest only
 * where both have a value.
 */
final class Comparison {
    private final ComparisonOperator operator;
    private final RowComparator order;

    Comparison(ComparisonOperator operator, DataType type) {
        this.operator = operator;
        this.order = RowComparator.of(type);
    }

    /** Returns the outcome for the given rows, null where an operand is. */
    BooleanVector compare(ColumnVector left, ColumnVector right, Selection rows) {
        boolean[] out = new boolean[rows.limit()];
        long[] validity = Validity.and(left.validity(), right.validity());
        if (left instanceof LongVector a) {
            longs(a.values(), ((LongVector) right).values(), out);
        } else if (left instanceof IntVector a) {
            ints(a.values(), ((IntVector) right).values(), out);
        } else if (left instanceof DoubleVector a) {
            doubles(a.values(), ((DoubleVector) right).values(), out);
        } else if (left instanceof BytesVector a
                && (operator == ComparisonOperator.EQUAL || operator == ComparisonOperator.NOT_EQUAL)) {
            bytesEqual(a, (BytesVector) right, rows, validity, out);
        } else {
            int[] at = rows.positions();
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                if (Validity.isValid(validity, row)) {
                    out[row] = operator.accepts(order.compare(left, row, right, row));
                }
            }
        }
        return new BooleanVector(AtomicType.BOOLEAN, out.length, out, validity);
    }

    private void longs(long[] a, long[] b, boolean[] out) {
        switch (operator) {
            case EQUAL -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = a[i] == b[i];
                }
            }
            case NOT_EQUAL -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = a[i] != b[i];
                }
            }
            case LESS -> less(a, b, out);
            case GREATER -> less(b, a, out);
            case LESS_OR_EQUAL -> lessOrEqual(a, b, out);
            case GREATER_OR_EQUAL -> lessOrEqual(b, a, out);
        }
    }

    private static void less(long[] a, long[] b, boolean[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = a[i] < b[i];
        }
    }

    private static void lessOrEqual(long[] a, long[] b, boolean[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = a[i] <= b[i];
        }
    }

    private void ints(int[] a, int[] b, boolean[] out) {
        switch (operator) {
            case EQUAL -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = a[i] == b[i];
                }
            }
            case NOT_EQUAL -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = a[i] != b[i];
                }
            }
            case LESS -> less(a, b, out);
            case GREATER -> less(b, a, out);
            case LESS_OR_EQUAL -> lessOrEqual(a, b, out);
            case GREATER_OR_EQUAL -> lessOrEqual(b, a, out);
        }
    }

    private static void less(int[] a, int[] b, boolean[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = a[i] < b[i];
        }
    }

    private static void lessOrEqual(int[] a, int[] b, boolean[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = a[i] <= b[i];
        }
    }

    private void doubles(double[] a, double[] b, boolean[] out) {
        switch (operator) {
            case EQUAL -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = a[i] == b[i] || (Double.isNaN(a[i]) && Double.isNaN(b[i]));
                }
            }
            case NOT_EQUAL -> {
                for (int i = 0; i < out.length; i++) {
                    out[i] = a[i] != b[i] && !(Double.isNaN(a[i]) && Double.isNaN(b[i]));
                }
            }
            case LESS -> less(a, b, out);
            case GREATER -> less(b, a, out);
            case LESS_OR_EQUAL -> lessOrEqual(a, b, out);
            case GREATER_OR_EQUAL -> lessOrEqual(b, a, out);
        }
    }

    private static void less(double[] a, double[] b, boolean[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = a[i] < b[i] || (Double.isNaN(b[i]) && !Double.isNaN(a[i]));
        }
    }

    private static void lessOrEqual(double[] a, double[] b, boolean[] out) {
        for (int i = 0; i < out.length; i++) {
            out[i] = a[i] <= b[i] || Double.isNaN(b[i]);
        }
    }

    private void bytesEqual(BytesVector a, BytesVector b, Selection rows, long @Nullable [] validity, boolean[] out) {
        boolean wanted = operator == ComparisonOperator.EQUAL;
        byte[] x = a.data();
        byte[] y = b.data();
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (Validity.isValid(validity, row)) {
                int length = a.lengths()[row];
                int s = a.starts()[row];
                int t = b.starts()[row];
                boolean equal = length == b.lengths()[row] && Arrays.equals(x, s, s + length, y, t, t + length);
                out[row] = equal == wanted;
            }
        }
    }
}
