package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.DataType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.Validity;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.expression.Kernel;
import java.util.List;

/** A kernel that appends its result row by row. For functions whose work on a row outweighs a virtual call. */
public final class RowKernel implements Kernel {
    private final DataType type;
    private final List<Kernel> arguments;
    private final boolean strict;
    private final Factory factory;

    /** Computes one row. */
    @FunctionalInterface
    public interface RowFunction {
        /**
         * Appends exactly one value.
         *
         * @param out of the result's type
         */
        void append(ColumnVector[] arguments, int row, VectorBuilder out);
    }

    /** Makes the function anew for each batch, so that it may keep what one thread needs. */
    @FunctionalInterface
    public interface Factory {
        RowFunction make(EvaluationContext context);
    }

    private RowKernel(DataType type, List<Kernel> arguments, boolean strict, Factory factory) {
        this.type = type;
        this.arguments = List.copyOf(arguments);
        this.strict = strict;
        this.factory = factory;
    }

    /** A kernel that is null where an argument is and asks {@code function} for the other rows. */
    public static Kernel strict(DataType type, List<Kernel> arguments, RowFunction function) {
        return new RowKernel(type, arguments, true, context -> function);
    }

    /** As {@link #strict(DataType, List, RowFunction)} for a function that keeps something between rows. */
    public static Kernel strictPerBatch(DataType type, List<Kernel> arguments, Factory factory) {
        return new RowKernel(type, arguments, true, factory);
    }

    /** A kernel that asks {@code function} for every row, so that it may look at nulls. */
    public static Kernel lenient(DataType type, List<Kernel> arguments, RowFunction function) {
        return new RowKernel(type, arguments, false, context -> function);
    }

    @Override
    public ColumnVector evaluate(ColumnBatch batch, Selection rows, EvaluationContext context) {
        ColumnVector[] in = new ColumnVector[arguments.size()];
        long[] validity = null;
        for (int i = 0; i < in.length; i++) {
            in[i] = arguments.get(i).evaluate(batch, rows, context);
            validity = strict ? Validity.and(validity, in[i].validity()) : null;
        }
        RowFunction function = factory.make(context);
        VectorBuilder out = VectorBuilder.of(type, rows.limit());
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            while (out.length() < row) {
                out.appendNull();
            }
            if (Validity.isValid(validity, row)) {
                function.append(in, row, out);
            } else {
                out.appendNull();
            }
        }
        return out.build();
    }
}
