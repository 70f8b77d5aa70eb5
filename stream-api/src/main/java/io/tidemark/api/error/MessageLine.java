package io.tidemark.api.error;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes one line of text of a message that quotes bytes of others, so that none of them can forge a line of a log. */
final class MessageLine {
    private static final int LONGEST = 4000;
    private static final int KEPT_FRONT = 3000;
    private static final int KEPT_END = LONGEST - KEPT_FRONT - 3;

    private static final Pattern BREAKS = Pattern.compile("[\\r\\n\\x0b\\f\\x85\\u2028\\u2029]\\s*");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\x80-\\x9f]");

    private MessageLine() {}

    /** Returns {@code message} with each run of line breaks as one blank, other control characters as their numbers. */
    static String of(String message) {
        String line = cut(message);
        if (!CONTROL.matcher(line).find() && !BREAKS.matcher(line).find()) {
            return line;
        }
        String joined = BREAKS.matcher(line).replaceAll(" ");
        return cut(CONTROL.matcher(joined)
                .replaceAll(found -> Matcher.quoteReplacement(String.format(
                        Locale.ROOT, "\\u%04x", (int) found.group().charAt(0)))));
    }

    /** Returns the front and the end of a text that is too long: the end says what to do. */
    private static String cut(String text) {
        return text.length() <= LONGEST
                ? text
                : text.substring(0, KEPT_FRONT) + "..." + text.substring(text.length() - KEPT_END);
    }
}
