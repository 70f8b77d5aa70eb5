package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Validity;
import io.tidemark.runtime.expression.Kernel;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.LongToIntFunction;
import java.util.function.LongUnaryOperator;

/** Kernels that apply a function of plain numbers to each row that is not null. */
final class Elementwise {
    private Elementwise() {}

    static Kernel ints(Kernel input, AtomicType type, IntUnaryOperator operator) {
        return (batch, rows, context) -> {
            IntVector column = (IntVector) input.evaluate(batch, rows, context);
            int[] in = column.values();
            long[] validity = column.validity();
            int[] out = new int[rows.limit()];
            int[] at = rows.positions();
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                if (Validity.isValid(validity, row)) {
                    out[row] = operator.applyAsInt(in[row]);
                }
            }
            return new IntVector(type, out.length, out, validity);
        };
    }

    static Kernel ints(List<Kernel> inputs, AtomicType type, IntBinaryOperator operator) {
        return (batch, rows, context) -> {
            IntVector left = (IntVector) inputs.get(0).evaluate(batch, rows, context);
            IntVector right = (IntVector) inputs.get(1).evaluate(batch, rows, context);
            long[] validity = Validity.and(left.validity(), right.validity());
            int[] a = left.values();
            int[] b = right.values();
            int[] out = new int[rows.limit()];
            int[] at = rows.positions();
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                if (Validity.isValid(validity, row)) {
                    out[row] = operator.applyAsInt(a[row], b[row]);
                }
            }
            return new IntVector(type, out.length, out, validity);
        };
    }

    static Kernel longs(Kernel input, AtomicType type, LongUnaryOperator operator) {
        return (batch, rows, context) -> {
            ColumnVector column = input.evaluate(batch, rows, context);
            long[] in = NumberConversions.toLongs(column, rows.limit());
            long[] validity = column.validity();
            long[] out = new long[rows.limit()];
            int[] at = rows.positions();
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                if (Validity.isValid(validity, row)) {
                    out[row] = operator.applyAsLong(in[row]);
                }
            }
            return new LongVector(type, out.length, out, validity);
        };
    }

    /** Applies the operator to the local time of a timestamp, in the session's zone if it has one. */
    static Kernel localTimes(Kernel input, AtomicType type, LongToIntFunction operator) {
        return (batch, rows, context) -> {
            LongVector column = (LongVector) input.evaluate(batch, rows, context);
            boolean zoned = column.type() == AtomicType.TIMESTAMP;
            ZoneConverter zone = new ZoneConverter(context.zone());
            long[] in = column.values();
            long[] validity = column.validity();
            int[] out = new int[rows.limit()];
            int[] at = rows.positions();
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                if (Validity.isValid(validity, row)) {
                    out[row] = operator.applyAsInt(zoned ? zone.toLocal(in[row]) : in[row]);
                }
            }
            return new IntVector(type, out.length, out, validity);
        };
    }
}
