package io.tidemark.runtime.expression;

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
            return new ConstantKernel(constant);
        }
        BoundExpression.BoundCall call = (BoundExpression.BoundCall) expression;
        List<Kernel> arguments = new ArrayList<>(call.arguments().size());
        call.arguments().forEach(argument -> arguments.add(compile(argument)));
        return call.function().kernel(call, List.copyOf(arguments));
    }
}
