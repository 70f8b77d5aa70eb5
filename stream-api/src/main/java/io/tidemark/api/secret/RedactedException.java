package io.tidemark.api.secret;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** What is left of an exception that quoted a secret: its class's name, its blotted message, and where it came from. */
public final class RedactedException extends RuntimeException {
    private final String shown;

    RedactedException(Throwable original) {
        this(original, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private RedactedException(Throwable original, Set<Throwable> seen) {
        super(Redaction.blot(String.valueOf(original.getMessage())));
        seen.add(original);
        shown = Redaction.blot(original.toString());
        setStackTrace(original.getStackTrace());
        Throwable cause = original.getCause();
        if (cause != null && !seen.contains(cause)) {
            initCause(new RedactedException(cause, seen));
        }
        for (Throwable suppressed : original.getSuppressed()) {
            if (!seen.contains(suppressed)) {
                addSuppressed(new RedactedException(suppressed, seen));
            }
        }
    }

    @Override
    public String toString() {
        return shown;
    }
}
