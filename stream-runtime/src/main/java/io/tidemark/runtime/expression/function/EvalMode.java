package io.tidemark.runtime.expression.function;

import io.tidemark.runtime.expression.EvaluationContext;

/** What an operation does with a value it has no result for. */
enum EvalMode {
    /** Fails. */
    ANSI,
    /** Gives null or wraps around, as Spark without ANSI rules. */
    LEGACY,
    /** Gives null. */
    TRY;

    /** Returns the mode of a function that fails under ANSI rules. */
    static EvalMode of(EvaluationContext context) {
        return context.ansi() ? ANSI : LEGACY;
    }
}
