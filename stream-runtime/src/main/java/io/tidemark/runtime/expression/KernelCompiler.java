package io.tidemark.runtime.expression;

import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.VectorBuilder;
import java.util.ArrayList;
import java.util.List;

/** Turns typed expressions into kernels, once per query. */
public final class KernelCompiler {
    private KernelCompiler() {}

    /** Returns the kernel that computes {@code expression}. */
    public static Kernel compile(BoundExpression expression) {
        if (expression instanceof BoundExpression.ColumnRef column) {
            int ordinal = column.ordinal();
            return (batch, rows, context) -> batch.column(ordinal);
        } else if (expression instanceof BoundExpression.Constant constant) {
            return (batch, rows, context) -> fill(constant, rows.limit());
        }
        BoundExpression.BoundCall call = (BoundExpression.BoundCall) expression;
        List<Kernel> arguments = new ArrayList<>(call.arguments().size());
        call.arguments().forEach(argument -> arguments.add(compile(argument)));
        return call.function().kernel(call, List.copyOf(arguments));
    }

    private static ColumnVector fill(BoundExpression.Constant constant, int length) {
        VectorBuilder builder = VectorBuilder.of(constant.type(), length);
        for (int i = 0; i < length; i++) {
            builder.append(constant.value());
        }
        return builder.build();
    }
}
