package io.tidemark.runtime.expression.json;

import io.tidemark.runtime.expression.function.TimestampParser;
import io.tidemark.runtime.expression.function.ZoneConverter;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of timestamps and dates in JSON: in the forms of a cast, or by the pattern of an option. One thread: it
 * remembers what it knows of the zone.
 */
final class TemporalText {
    /** What is returned for text that is no such value. */
    static final long INVALID = TimestampParser.INVALID;

    private static final byte[] GMT = {'G', 'M', 'T'};

    private final ZoneConverter zone;
    private final ZoneConverter utc = new ZoneConverter(ZoneOffset.UTC);
    private final ZoneConverter east = new ZoneConverter(ZoneOffset.ofHours(1));
    private final @Nullable TemporalPattern timestampPattern;
    private final @Nullable TemporalPattern timestampNtzPattern;
    private final @Nullable TemporalPattern datePattern;

    TemporalText(ReadOptions options, ZoneId sessionZone) {
        ZoneId id = options.zone(sessionZone);
        zone = new ZoneConverter(id);
        timestampPattern = TemporalPattern.of(options, "timestampFormat", id);
        timestampNtzPattern = TemporalPattern.of(options, "timestampNTZFormat", id);
        datePattern = TemporalPattern.of(options, "dateFormat", id);
    }

    /** Returns the microseconds since the epoch that {@code [p, q)} says, or {@link #INVALID}. */
    long timestamp(byte[] d, int p, int q) {
        if (timestampPattern != null) {
            return timestampPattern.timestamp(text(d, p, q));
        }
        long micros = TimestampParser.parse(d, p, q - p, zone);
        if (micros != INVALID) {
            return micros;
        }
        byte[] clean = withoutGmt(d, p, q);
        return clean == null ? INVALID : TimestampParser.parse(clean, 0, clean.length, zone);
    }

    /** Returns the microseconds since 1970-01-01T00:00 that {@code [p, q)} says, or {@link #INVALID} if it has a zone. */
    long timestampNtz(byte[] d, int p, int q) {
        if (timestampNtzPattern != null) {
            return timestampNtzPattern.timestampNtz(text(d, p, q));
        }
        long micros = TimestampParser.parse(d, p, q - p, utc);
        boolean zoned = micros == TimestampParser.parse(d, p, q - p, east); // one instant in both: it names its own
        return zoned ? INVALID : micros;
    }

    /** Returns the days since 1970-01-01 that {@code [p, q)} says, or {@link #INVALID}. */
    long date(byte[] d, int p, int q) {
        if (datePattern != null) {
            return datePattern.date(text(d, p, q));
        }
        int days = TimestampParser.parseDate(d, p, q - p);
        if (days != TimestampParser.INVALID_DATE) {
            return days;
        }
        byte[] clean = withoutGmt(d, p, q);
        if (clean != null) {
            days = TimestampParser.parseDate(clean, 0, clean.length);
        }
        return days != TimestampParser.INVALID_DATE ? days : dayNumber(text(d, p, q));
    }

    /** Spark once wrote dates as the number of their day, and reads such text still. */
    private static long dayNumber(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return INVALID;
        }
    }

    /** Returns {@code 2000-01-01T00:00GMT+01:00} without GMT; null if there is none. */
    private static byte @Nullable [] withoutGmt(byte[] d, int p, int q) {
        for (int i = p; i + GMT.length <= q; i++) {
            if (d[i] == 'G' && d[i + 1] == 'M' && d[i + 2] == 'T') {
                byte[] clean = new byte[q - p - GMT.length];
                System.arraycopy(d, p, clean, 0, i - p);
                System.arraycopy(d, i + GMT.length, clean, i - p, q - i - GMT.length);
                return clean;
            }
        }
        return null;
    }

    private static String text(byte[] d, int p, int q) {
        return new String(d, p, q - p, StandardCharsets.UTF_8);
    }
}
