package io.tidemark.api.storage;

import java.io.IOException;

/** Storage cannot say whether an operation took effect: read back before doing anything else. */
public final class UnknownOutcomeException extends IOException {
    public UnknownOutcomeException(String message, Throwable cause) {
        super(message, cause);
    }
}
