package io.tidemark.api.error;

/**
 * A row made an expression fail under ANSI rules (overflow, division by zero, a value that cannot be cast …). The same
 * rows fail again at each retry.
 */
public final class EvaluationException extends TidemarkException {
    private final String condition;

    /** @param condition Spark's error condition, for instance {@code DIVIDE_BY_ZERO} */
    public EvaluationException(String condition, String message) {
        this(ErrorCode.EVALUATION_FAILED, condition, message);
    }

    /** As above, where somebody else has to act than who wrote the query. */
    public EvaluationException(ErrorCode code, String condition, String message) {
        super(code, "[" + condition + "] " + message);
        this.condition = condition;
    }

    private EvaluationException(EvaluationException cause, String place) {
        super(cause.code(), cause.getMessage() + " Met in " + place + ".", cause);
        this.condition = cause.condition;
    }

    /**
     * Returns this error with the place where the row is.
     *
     * @param place for instance {@code batch 3, task 0 (clicks-1 [20, 40))}
     */
    public EvaluationException at(String place) {
        return new EvaluationException(this, place);
    }

    /** Returns Spark's error condition. */
    public String condition() {
        return condition;
    }
}
