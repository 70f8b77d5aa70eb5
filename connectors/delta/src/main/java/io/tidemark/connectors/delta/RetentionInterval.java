package io.tidemark.connectors.delta;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The value of a table property such as {@code interval 1 week} or {@code 168 hours 30 minutes}. */
final class RetentionInterval {
    private static final Pattern PART =
            Pattern.compile("(\\d{1,9})\\s+(week|day|hour|minute|second|millisecond)s?\\s*");

    private RetentionInterval() {}

    /** Returns the length in milliseconds, or empty if the text is something else. */
    static Optional<Long> millis(String text) {
        String rest = text.strip().toLowerCase(Locale.ROOT).replaceFirst("^interval\\s+", "");
        Matcher parts = PART.matcher(rest);
        long sum = 0;
        int end = 0;
        while (end < rest.length() && parts.region(end, rest.length()).lookingAt()) {
            sum += Long.parseLong(parts.group(1)) * unit(parts.group(2));
            end = parts.end();
        }
        return end > 0 && end == rest.length() ? Optional.of(sum) : Optional.empty();
    }

    private static long unit(String name) {
        return switch (name) {
            case "week" -> 7L * 24 * 3_600_000;
            case "day" -> 24L * 3_600_000;
            case "hour" -> 3_600_000;
            case "minute" -> 60_000;
            case "second" -> 1000;
            default -> 1;
        };
    }
}
