package io.tidemark.api.error;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

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

    /** Returns the message without the place where the row is; it may show values of that row. */
    String detail() {
        return getCause() instanceof EvaluationException inner ? inner.detail() : String.valueOf(getMessage());
    }

    /** Returns what stands for {@link #detail} in a log: the condition, and a mark by which two logs tell it is the same. */
    String withheld() {
        byte[] hash;
        try {
            hash = MessageDigest.getInstance("SHA-256").digest(detail().getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
        return "[" + condition + "] (text withheld, it may show values of a row; sha256 "
                + HexFormat.of().formatHex(hash, 0, 4) + ").";
    }

    /** Returns Spark's error condition. */
    public String condition() {
        return condition;
    }
}
