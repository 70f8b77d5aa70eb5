package io.tidemark.api.streaming;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads Spark's interval texts: {@code "10 minutes"}, {@code "INTERVAL 1 day 30 seconds"}. A month counts 31 days and a
 * year 12 months, as where Spark turns an interval into a duration.
 */
public final class Durations {
    private static final Pattern PART = Pattern.compile("\\s*([+-]?\\d+(?:\\.\\d+)?)\\s*([a-z]+)\\s*");
    private static final Map<String, Long> MICROS = Map.ofEntries(
            Map.entry("microsecond", 1L),
            Map.entry("millisecond", 1_000L),
            Map.entry("second", 1_000_000L),
            Map.entry("minute", 60_000_000L),
            Map.entry("hour", 3_600_000_000L),
            Map.entry("day", 86_400_000_000L),
            Map.entry("week", 604_800_000_000L),
            Map.entry("month", 31 * 86_400_000_000L),
            Map.entry("year", 12 * 31 * 86_400_000_000L));

    private Durations() {}

    /** Returns the duration in milliseconds, fractions cut off. */
    public static long parseMillis(String text) {
        return Math.floorDiv(parseMicros(text), 1_000L);
    }

    /** Returns the duration in microseconds. */
    public static long parseMicros(String text) {
        String rest = text.trim().toLowerCase(Locale.ROOT);
        if (rest.startsWith("interval ")) {
            rest = rest.substring("interval ".length());
        }
        rest = rest.replace("'", "");
        Matcher part = PART.matcher(rest);
        long sum = 0;
        int at = 0;
        while (at < rest.length()) {
            part.region(at, rest.length());
            if (!part.lookingAt()) {
                throw malformed(text);
            }
            String unit = part.group(2);
            Long micros = MICROS.get(unit.endsWith("s") ? unit.substring(0, unit.length() - 1) : unit);
            if (micros == null) {
                throw malformed(text);
            }
            try {
                sum = Math.addExact(
                        sum,
                        new BigDecimal(part.group(1))
                                .multiply(BigDecimal.valueOf(micros))
                                .setScale(0, RoundingMode.DOWN)
                                .longValueExact());
            } catch (ArithmeticException e) {
                throw malformed(text);
            }
            at = part.end();
        }
        if (at == 0) {
            throw malformed(text);
        }
        return sum;
    }

    private static AnalysisException malformed(String text) {
        return new AnalysisException(
                ErrorCode.INVALID_ARGUMENT_VALUE,
                "'" + text
                        + "' is not a duration. Write a number and a unit, for instance '30 seconds' or '1 hour 30 minutes'.");
    }
}
