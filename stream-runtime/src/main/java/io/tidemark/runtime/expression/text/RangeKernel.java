package io.tidemark.runtime.expression.text;

import io.tidemark.api.types.DataType;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.Validity;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.expression.Kernel;
import java.util.List;

/** A kernel whose results are parts of one of its arguments: it shares the bytes and computes where they start and end. */
final class RangeKernel implements Kernel {
    private final DataType type;
    private final List<Kernel> arguments;
    private final int textIndex;
    private final RangeFunction function;

    /** Finds the part of one row. */
    @FunctionalInterface
    interface RangeFunction {
        /** Returns {@link #range} of the part of {@code [p, end)}; no argument is null at {@code row}. */
        long find(byte[] d, int p, int end, ColumnVector[] arguments, int row);
    }

    /** @param textIndex which argument the results are parts of */
    RangeKernel(DataType type, List<Kernel> arguments, int textIndex, RangeFunction function) {
        this.type = type;
        this.arguments = List.copyOf(arguments);
        this.textIndex = textIndex;
        this.function = function;
    }

    static long range(int start, int end) {
        return (long) start << 32 | (end - start);
    }

    @Override
    public ColumnVector evaluate(ColumnBatch batch, Selection rows, EvaluationContext context) {
        ColumnVector[] in = new ColumnVector[arguments.size()];
        long[] validity = null;
        for (int i = 0; i < in.length; i++) {
            in[i] = arguments.get(i).evaluate(batch, rows, context);
            validity = Validity.and(validity, in[i].validity());
        }
        BytesVector text = (BytesVector) in[textIndex];
        byte[] data = text.data();
        int[] starts = new int[rows.limit()];
        int[] lengths = new int[rows.limit()];
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (Validity.isValid(validity, row)) {
                int p = text.starts()[row];
                long range = function.find(data, p, p + text.lengths()[row], in, row);
                starts[row] = (int) (range >>> 32);
                lengths[row] = (int) range;
            }
        }
        return new BytesVector(type, rows.limit(), data, starts, lengths, validity);
    }
}
