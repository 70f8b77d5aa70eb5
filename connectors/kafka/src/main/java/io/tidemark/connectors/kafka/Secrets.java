package io.tidemark.connectors.kafka;

import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Keeps passwords and keys out of messages: knows the secret values and blots them out. */
final class Secrets {
    private static final Pattern SECRET_NAME =
            Pattern.compile("password|passwd|secret|token|jaas|credential|api[._-]?key|access[._-]?key|keystore\\.key"
                    + "|certificate|user\\.info");

    private final TreeSet<String> values = new TreeSet<>((a, b) ->
            a.length() != b.length() ? Integer.compare(b.length(), a.length()) : a.compareTo(b)); // longest first

    /** Remembers the values of all options whose name suggests a secret. */
    Secrets(Map<String, String> options) {
        options.forEach((name, value) -> {
            if (isSecret(name) && !value.isBlank()) {
                values.add(value);
            }
        });
    }

    /** Returns whether an option of this name holds a secret. */
    static boolean isSecret(String name) {
        return SECRET_NAME.matcher(name.toLowerCase(Locale.ROOT)).find();
    }

    /** Returns {@code text} with every secret value replaced. */
    String blot(@Nullable String text) {
        String result = text == null ? "no message" : text;
        for (String value : values) {
            result = result.replace(value, "***");
        }
        return result;
    }

    /** Returns {@code e} if no message in its chain holds a secret, otherwise null. */
    @Nullable
    Throwable cleanCause(Throwable e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            String message = String.valueOf(t.getMessage());
            if (!blot(message).equals(message)) {
                return null;
            }
        }
        return e;
    }
}
