package io.tidemark.api.error;

/**
 * A row made an expression fail under ANSI rules (overflow, division by zero, a value that cannot be cast …). The same
 * rows fail again at each retry.
 */
public final class EvaluationException extends TidemarkException {
    private final String condition;

    /** @param condition Spark's error condition, for instance {@code DIVIDE_BY_ZERO} */
    public EvaluationException(String condition, String message) {
        super(ErrorCode.EVALUATION_FAILED, "[" + condition + "] " + message);
        this.condition = condition;
    }

    /** Returns Spark's error condition. */
    public String condition() {
        return condition;
    }
}
