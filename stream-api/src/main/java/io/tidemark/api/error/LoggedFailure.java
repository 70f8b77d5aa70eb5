package io.tidemark.api.error;

import io.tidemark.api.secret.Redaction;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * A failure as a log may hold it: with all its causes and stack traces, each message on one line, without secrets and
 * without values of rows. Who watches the command sees Spark's text, values included; a log is kept, copied and searched
 * by others.
 */
public final class LoggedFailure extends Exception {
    private final String line;

    private LoggedFailure(Throwable original, Set<Throwable> seen) {
        super(textOf(original));
        seen.add(original);
        String shown = original.toString();
        String message = original.getMessage();
        line = oneLine(Redaction.blot(message == null ? shown : shown.replace(message, textOf(original))));
        setStackTrace(original.getStackTrace());
        Throwable cause = original.getCause();
        if (cause != null && !seen.contains(cause)) {
            initCause(new LoggedFailure(cause, seen));
        }
        for (Throwable suppressed : original.getSuppressed()) {
            if (!seen.contains(suppressed)) {
                addSuppressed(new LoggedFailure(suppressed, seen));
            }
        }
    }

    /** Returns {@code failure} as a log may hold it. */
    public static LoggedFailure of(Throwable failure) {
        return failure instanceof LoggedFailure done
                ? done
                : new LoggedFailure(failure, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    /** Returns the message of {@code failure} as a log may hold it. */
    public static String textOf(Throwable failure) {
        String text = String.valueOf(failure.getMessage());
        int depth = 0;
        for (Throwable at = failure; at != null && depth < 100; at = at.getCause(), depth++) {
            if (at instanceof EvaluationException row) {
                text = text.replace(row.detail(), row.withheld());
            }
        }
        return oneLine(Redaction.blot(text));
    }

    /** Returns {@code text} with everything escaped that could end a line or move a cursor. */
    public static String oneLine(String text) {
        StringBuilder line = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = !(Character.isISOControl(c) || c == '\u2028' || c == '\u2029') || c == '\t';
            if (!plain && line == null) {
                line = new StringBuilder(text.length() + 16).append(text, 0, i);
            }
            if (line != null) {
                line.append(plain ? String.valueOf(c) : escaped(c));
            }
        }
        return line == null ? text : line.toString();
    }

    private static String escaped(char c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            default -> String.format(java.util.Locale.ROOT, "\\u%04x", (int) c);
        };
    }

    @Override
    public String toString() {
        return line;
    }
}
