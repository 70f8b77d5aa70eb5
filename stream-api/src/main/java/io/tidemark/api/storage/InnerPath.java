package io.tidemark.api.storage;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Paths that stand in files, relative to a directory: whoever could write the file must not be able to name anything
 * outside of that directory. Such a path is refused before anything is opened or deleted by it.
 */
public final class InnerPath {
    private static final Pattern ESCAPE = Pattern.compile("%([0-9a-fA-F]{2})");
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");

    private InnerPath() {}

    /**
     * Returns what is wrong with a path, or empty if it stays inside. Whole steps upwards are found in percent-encoding
     * too, since a file layer may undo it; a name that only contains such an encoding is left alone.
     */
    public static Optional<String> problemOf(String path) {
        if (path.isEmpty()) {
            return Optional.of("is empty");
        } else if (path.startsWith("/") || SCHEME.matcher(path.split("/", 2)[0]).matches()) {
            return Optional.of("is absolute");
        } else if (path.chars().anyMatch(c -> c == '\\' || Character.isISOControl(c))) {
            return Optional.of("has a character in it that no name of ours has");
        }
        for (String step : path.split("/", -1)) {
            String plain = decoded(decoded(step));
            if (plain.isEmpty() || plain.equals(".") || plain.equals("..")) {
                return Optional.of("has the step '" + step + "' in it");
            } else if (plain.startsWith("/") || plain.startsWith("../") || plain.startsWith("./")) {
                return Optional.of("hides a step upwards in '" + step + "'");
            }
        }
        return Optional.empty();
    }

    private static String decoded(String step) {
        Matcher escape = ESCAPE.matcher(step);
        return escape.replaceAll(found -> Matcher.quoteReplacement(
                String.valueOf((char) Integer.parseInt(found.group(1).toLowerCase(Locale.ROOT), 16))));
    }
}
