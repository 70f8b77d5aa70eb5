package io.tidemark.api.error;

import static java.util.Objects.requireNonNull;

import io.tidemark.api.secret.Redaction;
import org.jspecify.annotations.Nullable;

/**
 * A failure a person can act on: a numbered code and one line that says what went wrong, why, and what to do. Secrets
 * that {@link Redaction} knows stand neither in it nor in its causes. What it quotes from files and records may hold
 * anything: it is made one line of bounded length here.
 */
public class TidemarkException extends RuntimeException {
    private final ErrorCode code;

    public TidemarkException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public TidemarkException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(MessageLine.of(Redaction.blot(message)), Redaction.clean(cause));
        this.code = requireNonNull(code, "code");
    }

    public ErrorCode code() {
        return code;
    }
}
