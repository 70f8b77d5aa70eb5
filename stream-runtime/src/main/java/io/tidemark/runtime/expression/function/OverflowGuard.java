package io.tidemark.runtime.expression.function;

import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.expression.Kernel;
import java.time.DateTimeException;

/** Turns what exact arithmetic and java.time throw far outside the usual range into an error a user can read. */
record OverflowGuard(Kernel kernel) implements Kernel {
    @Override
    public ColumnVector evaluate(ColumnBatch batch, Selection rows, EvaluationContext context) {
        try {
            return kernel.evaluate(batch, rows, context);
        } catch (ArithmeticException e) {
            throw EvaluationErrors.overflow(String.valueOf(e.getMessage()), null);
        } catch (DateTimeException e) {
            throw EvaluationErrors.datetimeOverflow(String.valueOf(e.getMessage()));
        }
    }
}
