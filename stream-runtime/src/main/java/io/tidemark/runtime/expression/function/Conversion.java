package io.tidemark.runtime.expression.function;

import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.EvaluationContext;

/** Turns a column of one type into one of another; both types are fixed when it is made. Immutable. */
@FunctionalInterface
interface Conversion {
    /** Converts the given rows; other positions of the result are undefined. */
    ColumnVector apply(ColumnVector input, Selection rows, Run run);

    /** One evaluation: what to do with values that do not fit, and the batch. */
    record Run(EvalMode mode, EvaluationContext context) {
        boolean fails() {
            return mode == EvalMode.ANSI;
        }

        /** A converter of the session's zone; keep it for the loop. */
        ZoneConverter zoneConverter() {
            return new ZoneConverter(context.zone());
        }
    }
}
