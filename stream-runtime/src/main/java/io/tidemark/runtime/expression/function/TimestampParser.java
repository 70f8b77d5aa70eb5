package io.tidemark.runtime.expression.function;

import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_DAY;
import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_SECOND;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Reads timestamps and dates from UTF-8 bytes in the forms that Spark's casts take: {@code yyyy[-M[-d]]}, then a space or
 * {@code T} and {@code H[:m[:s[.f*][zone]]]}. The usual full form is read without making an object.
 */
public final class TimestampParser {
    /** What is returned for text that is no timestamp. */
    public static final long INVALID = Long.MIN_VALUE;

    /** What is returned for text that is no date. */
    public static final int INVALID_DATE = Integer.MIN_VALUE;

    private static final int DATE_AND_TIME = "yyyy-MM-ddTHH:mm:ss".length();
    private static final int[] MICROS_OF_DIGITS = {1_000_000, 100_000, 10_000, 1_000, 100, 10, 1};

    private TimestampParser() {}

    /**
     * Reads a timestamp; text without a zone is meant in {@code zone}, text without a date is invalid.
     *
     * @return microseconds since the epoch, or {@link #INVALID}
     */
    public static long parse(byte[] data, int start, int length, ZoneId zone) {
        return parse(data, start, length, new ZoneConverter(zone), zone, null);
    }

    /**
     * Reads a timestamp as {@link #parse(byte[], int, int, ZoneId)} does, for many rows of one zone.
     *
     * @param converter of the zone for text that names none
     */
    public static long parse(byte[] data, int start, int length, ZoneConverter converter) {
        return parse(data, start, length, converter, null, null);
    }

    /**
     * Reads a timestamp.
     *
     * @param zone the converter's zone, with {@code batchMillis}
     * @param batchMillis the instant that gives text without a date its date, or null to refuse such text
     */
    static long parse(
            byte[] data,
            int start,
            int length,
            ZoneConverter converter,
            @Nullable ZoneId zone,
            @Nullable Long batchMillis) {
        long local = fullLocal(data, start, length);
        if (local != INVALID) {
            int zoneAt = afterFraction(data, start, length);
            int left = start + length - zoneAt;
            if (left == 0) {
                return toUtc(local, converter);
            } else if (left == 1 && data[zoneAt] == 'Z') {
                return local;
            }
            int offset = left == 6 ? offsetMinutes(data, zoneAt) : Integer.MIN_VALUE;
            if (offset != Integer.MIN_VALUE) {
                return local - offset * 60L * MICROS_PER_SECOND;
            }
        }
        return parseGeneral(data, start, length, converter, zone, batchMillis);
    }

    /**
     * Reads a timestamp without zone; a zone in the text is ignored.
     *
     * @return microseconds since 1970-01-01T00:00 local, or {@link #INVALID}
     */
    static long parseLocal(byte[] data, int start, int length) {
        TimestampText text = TimestampText.parse(data, start, start + length);
        return text == null || text.timeOnly() ? INVALID : text.localMicros(text.epochDay());
    }

    /** Reads a date, which may be followed by a space or {@code T} and anything; returns its day or {@link #INVALID_DATE}. */
    public static int parseDate(byte[] data, int start, int length) {
        if (length == 10 && data[start + 4] == '-' && data[start + 7] == '-') {
            int year = four(data, start);
            int month = two(data, start + 5);
            int day = two(data, start + 8);
            if ((year | month | day) >= 0) {
                return Civil.isDate(year, month, day) ? (int) Civil.epochDay(year, month, day) : INVALID_DATE;
            }
        }
        return TimestampText.parseDate(data, start, start + length);
    }

    private static long parseGeneral(
            byte[] data,
            int start,
            int length,
            ZoneConverter converter,
            @Nullable ZoneId zone,
            @Nullable Long batchMillis) {
        TimestampText text = TimestampText.parse(data, start, start + length);
        if (text == null) {
            return INVALID;
        }
        try {
            ZoneId own = text.zone();
            long day;
            if (text.timeOnly()) {
                ZoneId where = own != null ? own : zone;
                if (where == null || batchMillis == null) {
                    return INVALID;
                }
                day = LocalDate.ofInstant(Instant.ofEpochMilli(batchMillis), where)
                        .toEpochDay();
            } else {
                day = text.epochDay();
            }
            long local = text.localMicros(day);
            return local == INVALID ? INVALID : toUtc(local, own == null ? converter : new ZoneConverter(own));
        } catch (DateTimeException e) {
            return INVALID;
        }
    }

    private static long toUtc(long local, ZoneConverter converter) {
        try {
            return converter.toUtc(local);
        } catch (ArithmeticException | DateTimeException e) {
            return INVALID;
        }
    }

    /** Reads {@code yyyy-MM-dd[ T]HH:mm:ss[.f*]} at the start of the range; {@link #INVALID} if it is not all there. */
    private static long fullLocal(byte[] b, int s, int length) {
        if (length < DATE_AND_TIME
                || b[s + 4] != '-'
                || b[s + 7] != '-'
                || (b[s + 10] != 'T' && b[s + 10] != ' ')
                || b[s + 13] != ':'
                || b[s + 16] != ':') {
            return INVALID;
        }
        int year = four(b, s);
        int month = two(b, s + 5);
        int day = two(b, s + 8);
        int hour = two(b, s + 11);
        int minute = two(b, s + 14);
        int second = two(b, s + 17);
        if ((year | month | day | hour | minute | second) < 0
                || hour > 23
                || minute > 59
                || second > 59
                || !Civil.isDate(year, month, day)) {
            return INVALID;
        }
        long seconds = hour * 3600L + minute * 60L + second;
        return Civil.epochDay(year, month, day) * MICROS_PER_DAY + seconds * MICROS_PER_SECOND + fraction(b, s, length);
    }

    private static int fraction(byte[] b, int s, int length) {
        int at = s + DATE_AND_TIME;
        int end = s + length;
        if (at == end || b[at] != '.') {
            return 0;
        }
        int micros = 0;
        int digits = 0;
        for (at++; at < end && b[at] >= '0' && b[at] <= '9'; at++) {
            if (digits < 6) {
                micros = micros * 10 + (b[at] - '0');
                digits++;
            }
        }
        return micros * MICROS_OF_DIGITS[digits];
    }

    private static int afterFraction(byte[] b, int s, int length) {
        int at = s + DATE_AND_TIME;
        int end = s + length;
        if (at < end && b[at] == '.') {
            at++;
            while (at < end && b[at] >= '0' && b[at] <= '9') {
                at++;
            }
        }
        return at;
    }

    /** Reads {@code +hh:mm}; {@link Integer#MIN_VALUE} for anything else. */
    private static int offsetMinutes(byte[] b, int at) {
        int hours = two(b, at + 1);
        int minutes = two(b, at + 4);
        boolean sound = (b[at] == '+' || b[at] == '-')
                && b[at + 3] == ':'
                && (hours | minutes) >= 0
                && hours < 18
                && minutes < 60;
        if (!sound) {
            return Integer.MIN_VALUE;
        }
        return b[at] == '-' ? -(hours * 60 + minutes) : hours * 60 + minutes;
    }

    private static int four(byte[] b, int at) {
        int high = two(b, at);
        int low = two(b, at + 2);
        return (high | low) < 0 ? -1 : high * 100 + low;
    }

    private static int two(byte[] b, int at) {
        int tens = b[at] - '0';
        int ones = b[at + 1] - '0';
        return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
    }
}
