package io.tidemark.runtime.expression.json;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A pattern for timestamps or dates in JSON text, with Spark's letters, which are those of {@code java.time}. */
final class TemporalPattern {
    private final DateTimeFormatter parser;
    private final DateTimeFormatter writer;
    private final ZoneId zone;

    private TemporalPattern(String pattern, Locale locale, ZoneId zone) {
        String plainYears = pattern.indexOf('G') < 0 ? withPlainYears(pattern) : pattern;
        this.parser = new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(plainYears)
                .parseDefaulting(ChronoField.MONTH_OF_YEAR, 1)
                .parseDefaulting(ChronoField.DAY_OF_MONTH, 1)
                .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
                .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
                .toFormatter(locale)
                .withResolverStyle(ResolverStyle.STRICT);
        this.writer = new DateTimeFormatterBuilder()
                .appendPattern(plainYears)
                .toFormatter(locale)
                .withChronology(IsoChronology.INSTANCE);
        this.zone = zone;
    }

    /** Returns the pattern with years that need no era: the letter u for y, but not in quoted text. */
    private static String withPlainYears(String pattern) {
        StringBuilder plain = new StringBuilder(pattern.length());
        boolean quoted = false;
        for (char c : pattern.toCharArray()) {
            quoted ^= c == '\'';
            plain.append(c == 'y' && !quoted ? 'u' : c);
        }
        return plain.toString();
    }

    /**
     * Returns the pattern that an option gives, or null if it is not set.
     *
     * @throws AnalysisException {@code INVALID_ARGUMENT_VALUE} if it is no pattern
     */
    static @Nullable TemporalPattern of(ReadOptions options, String name, ZoneId zone) {
        String pattern = options.text(name);
        return pattern == null ? null : of(pattern, options.locale(), zone);
    }

    static TemporalPattern of(String pattern, Locale locale, ZoneId zone) {
        try {
            return new TemporalPattern(pattern, locale, zone);
        } catch (IllegalArgumentException e) {
            throw new AnalysisException(
                    ErrorCode.INVALID_ARGUMENT_VALUE,
                    "'" + pattern + "' is no pattern for dates and times: " + e.getMessage()
                            + ". Use letters such as in yyyy-MM-dd HH:mm:ss.");
        }
    }

    long timestamp(String text) {
        try {
            TemporalAccessor fields = parser.parse(text);
            ZoneId own = fields.query(TemporalQueries.zone());
            ZonedDateTime at = local(fields).atZone(own == null ? zone : own);
            return micros(at.toEpochSecond(), at.getNano());
        } catch (DateTimeException | ArithmeticException e) {
            return TemporalText.INVALID;
        }
    }

    long timestampNtz(String text) {
        try {
            TemporalAccessor fields = parser.parse(text);
            if (fields.query(TemporalQueries.zone()) != null) {
                return TemporalText.INVALID;
            }
            LocalDateTime at = local(fields);
            return micros(at.toEpochSecond(ZoneOffset.UTC), at.getNano());
        } catch (DateTimeException | ArithmeticException e) {
            return TemporalText.INVALID;
        }
    }

    long date(String text) {
        try {
            return Math.toIntExact(LocalDate.from(parser.parse(text)).toEpochDay());
        } catch (DateTimeException | ArithmeticException e) {
            return TemporalText.INVALID;
        }
    }

    String formatTimestamp(long micros) {
        return writer.format(atUtc(micros).atZone(ZoneOffset.UTC).withZoneSameInstant(zone));
    }

    String formatTimestampNtz(long micros) {
        return writer.format(atUtc(micros));
    }

    String formatDate(int days) {
        return writer.format(LocalDate.ofEpochDay(days));
    }

    private static LocalDateTime atUtc(long micros) {
        return LocalDateTime.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), (int) Math.floorMod(micros, 1_000_000L) * 1_000, ZoneOffset.UTC);
    }

    private static LocalDateTime local(TemporalAccessor fields) {
        LocalDate date = fields.query(TemporalQueries.localDate());
        LocalTime time = fields.query(TemporalQueries.localTime());
        if (date == null) {
            throw new DateTimeException("the text has no date");
        }
        return LocalDateTime.of(date, time == null ? LocalTime.MIDNIGHT : time);
    }

    private static long micros(long seconds, int nanos) {
        return Math.addExact(Math.multiplyExact(seconds, 1_000_000L), nanos / 1_000);
    }
}
