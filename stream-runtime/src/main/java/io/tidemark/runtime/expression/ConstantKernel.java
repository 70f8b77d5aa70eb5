package io.tidemark.runtime.expression;

import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.VectorBuilder;

/**
 * A constant as a column. The longest column made so far serves later batches too; two tasks may race to make it, which
 * does no harm as they make the same one.
 */
final class ConstantKernel implements Kernel {
    private static final int LEAST = 64;

    private final BoundExpression.Constant constant;
    private volatile ColumnVector longest;

    ConstantKernel(BoundExpression.Constant constant) {
        this.constant = constant;
        this.longest = fill(LEAST);
    }

    @Override
    public ColumnVector evaluate(ColumnBatch batch, Selection rows, EvaluationContext context) {
        ColumnVector column = longest;
        if (column.length() < rows.limit()) {
            column = fill(Math.max(rows.limit(), 2 * column.length()));
            longest = column;
        }
        return column;
    }

    private ColumnVector fill(int length) {
        VectorBuilder builder = VectorBuilder.of(constant.type(), length);
        for (int i = 0; i < length; i++) {
            builder.append(constant.value());
        }
        return builder.build();
    }
}
