package io.tidemark.runtime.expression.function;

import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_DAY;
import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_SECOND;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;

/** One of Spark's datetime patterns, to read or to write with. Immutable. */
final class DatetimePattern {
    /** Letters of java.time that Spark takes away, weeks because they mean other years. */
    private static final String REFUSED = "ABnNpYwWuec";

    private static final String REFUSED_READING = "EFqQ";

    private final DateTimeFormatter formatter;

    private DatetimePattern(DateTimeFormatter formatter) {
        this.formatter = formatter;
    }

    /** @throws IllegalArgumentException if it is no pattern for reading */
    static DatetimePattern forReading(String pattern) {
        check(pattern, REFUSED + REFUSED_READING);
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder().parseCaseInsensitive();
        appendReading(builder, withProlepticYear(pattern));
        if (pattern.indexOf('D') < 0) {
            builder.parseDefaulting(ChronoField.MONTH_OF_YEAR, 1).parseDefaulting(ChronoField.DAY_OF_MONTH, 1);
        }
        builder.parseDefaulting(ChronoField.ERA, 1)
                .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
                .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0);
        return new DatetimePattern(builder.toFormatter(Locale.US)
                .withChronology(IsoChronology.INSTANCE)
                .withResolverStyle(ResolverStyle.STRICT));
    }

    /** @throws IllegalArgumentException if it is no pattern for writing */
    static DatetimePattern forWriting(String pattern) {
        check(pattern, REFUSED);
        return new DatetimePattern(new DateTimeFormatterBuilder()
                .appendPattern(withProlepticYear(pattern))
                .toFormatter(Locale.US)
                .withChronology(IsoChronology.INSTANCE));
    }

    /**
     * Reads a text.
     *
     * @param zone for text without one
     * @throws DateTimeParseException if the text does not follow the pattern
     * @throws DateTimeException if there is no such time
     * @throws ArithmeticException beyond the range of timestamps
     */
    long readMicros(String text, ZoneConverter zone) {
        TemporalAccessor parsed = formatter.parse(text);
        LocalDate date = parsed.query(TemporalQueries.localDate());
        if (date == null) {
            date = LocalDate.of(
                    1970, field(parsed, ChronoField.MONTH_OF_YEAR, 1), field(parsed, ChronoField.DAY_OF_MONTH, 1));
        }
        int hour = parsed.isSupported(ChronoField.HOUR_OF_DAY)
                ? parsed.get(ChronoField.HOUR_OF_DAY)
                : field(parsed, ChronoField.HOUR_OF_AMPM, 0);
        long seconds = hour * 3600L
                + field(parsed, ChronoField.MINUTE_OF_HOUR, 0) * 60L
                + field(parsed, ChronoField.SECOND_OF_MINUTE, 0);
        long inDay = seconds * MICROS_PER_SECOND + field(parsed, ChronoField.NANO_OF_SECOND, 0) / 1_000;
        long local = Math.addExact(Math.multiplyExact(date.toEpochDay(), MICROS_PER_DAY), inDay);
        ZoneId own = parsed.query(TemporalQueries.zone());
        return (own == null ? zone : new ZoneConverter(own)).toUtc(local);
    }

    /** Writes a timestamp as it is in the zone. */
    String write(long micros, ZoneId zone) {
        Instant instant = Instant.ofEpochSecond(
                Math.floorDiv(micros, MICROS_PER_SECOND), Math.floorMod(micros, MICROS_PER_SECOND) * 1_000L);
        return formatter.format(LocalDateTime.ofInstant(instant, ZoneOffset.UTC)
                .atZone(ZoneOffset.UTC)
                .withZoneSameInstant(zone));
    }

    private static int field(TemporalAccessor parsed, ChronoField field, int otherwise) {
        return parsed.isSupported(field) ? parsed.get(field) : otherwise;
    }

    private static void check(String pattern, String refused) {
        boolean quoted = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            quoted ^= c == '\'';
            if (!quoted && refused.indexOf(c) >= 0) {
                throw new IllegalArgumentException("Illegal pattern character: " + c);
            }
        }
    }

    /** Writes {@code u}, the year that needs no era, for {@code y}. */
    private static String withProlepticYear(String pattern) {
        if (pattern.indexOf('G') >= 0) {
            return pattern;
        }
        StringBuilder out = new StringBuilder(pattern.length());
        boolean quoted = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            quoted ^= c == '\'';
            out.append(!quoted && c == 'y' ? 'u' : c);
        }
        return out.toString();
    }

    /** A fraction of n letters reads 1 to n digits. */
    private static void appendReading(DateTimeFormatterBuilder builder, String pattern) {
        int from = 0;
        boolean quoted = false;
        for (int i = 0; i < pattern.length(); i++) {
            quoted ^= pattern.charAt(i) == '\'';
            if (quoted || pattern.charAt(i) != 'S') {
                continue;
            }
            if (i > from) {
                builder.appendPattern(pattern.substring(from, i));
            }
            int end = i;
            while (end < pattern.length() && pattern.charAt(end) == 'S') {
                end++;
            }
            builder.appendFraction(ChronoField.NANO_OF_SECOND, 1, Math.min(9, end - i), false);
            from = end;
            i = end - 1;
        }
        if (from < pattern.length()) {
            builder.appendPattern(pattern.substring(from));
        }
    }
}
