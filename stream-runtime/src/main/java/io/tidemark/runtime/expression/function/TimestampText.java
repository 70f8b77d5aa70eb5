package io.tidemark.runtime.expression.function;

import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_DAY;
import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_SECOND;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a timestamp in any of the forms that Spark's casts take; missing ones have their least value.
 *
 * @param timeOnly whether the text had no date
 * @param zone the zone it names, or null
 */
record TimestampText(
        int year,
        int month,
        int day,
        int hour,
        int minute,
        int second,
        int micros,
        boolean timeOnly,
        @Nullable ZoneId zone) {
    private static final Pattern ONE_DIGIT_HOUR = Pattern.compile("([+-])(\\d):");
    private static final Pattern ONE_DIGIT_MINUTE = Pattern.compile("([+-])(\\d\\d):(\\d)$");

    /** Returns the day, which exists. */
    long epochDay() {
        return Civil.epochDay(year, month, day);
    }

    /** Returns the local time on a day, or {@link TimestampParser#INVALID} beyond the range of timestamps. */
    long localMicros(long epochDay) {
        try {
            long inDay = (hour * 3600L + minute * 60L + second) * MICROS_PER_SECOND + micros;
            return Math.addExact(Math.multiplyExact(epochDay, MICROS_PER_DAY), inDay);
        } catch (ArithmeticException e) {
            return TimestampParser.INVALID;
        }
    }

    /** Reads the range, spaces around it cut off; null if it is no timestamp. */
    static @Nullable TimestampText parse(byte[] data, int from, int until) {
        return new Cursor(data, from, until).timestamp();
    }

    /** Reads a date as {@link TimestampParser#parseDate} says. */
    static int parseDate(byte[] data, int from, int until) {
        return new Cursor(data, from, until).date();
    }

    /** Returns the zone of this name, offsets with one digit included. */
    static ZoneId zoneOf(String name) {
        String padded = ONE_DIGIT_HOUR.matcher(name.strip()).replaceFirst("$10$2:");
        return ZoneId.of(ONE_DIGIT_MINUTE.matcher(padded).replaceFirst("$1$2:0$3"), ZoneId.SHORT_IDS);
    }

    /** A place in the text that moves forward. */
    private static final class Cursor {
        private final byte[] data;
        private final int end;
        private int at;
        private int digits;

        Cursor(byte[] data, int from, int until) {
            this.data = data;
            this.at = Blanks.skip(data, from, until);
            this.end = Blanks.cut(data, at, until);
        }

        @Nullable
        TimestampText timestamp() {
            if (at == end) {
                return null;
            }
            boolean afterT = peek() == 'T';
            boolean timeOnly = afterT || startsWithTime();
            int[] date = {1970, 1, 1};
            if (afterT) {
                at++;
            } else if (!timeOnly) {
                if (!readDate(date, 6)) {
                    return null;
                } else if (at == end) {
                    return result(date, new int[4], false, null);
                } else if (digits == 0 || !takeSeparator()) {
                    return null;
                }
            }
            return time(date, timeOnly);
        }

        private boolean startsWithTime() {
            int i = at;
            while (i < end && isDigit(data[i])) {
                i++;
            }
            return i > at && i - at <= 2 && i < end && data[i] == ':';
        }

        /** Reads year, month and day as far as they are given; {@link #digits} is 0 afterwards unless the day was. */
        private boolean readDate(int[] date, int maxYearDigits) {
            int sign = 1;
            if (peek() == '-' || peek() == '+') {
                sign = peek() == '-' ? -1 : 1;
                at++;
            }
            int year = number();
            if (digits < 4 || digits > maxYearDigits) {
                return false;
            }
            date[0] = sign * year;
            for (int i = 1; i <= 2; i++) {
                if (at == end || data[at] != '-') {
                    digits = 0;
                    break;
                }
                at++;
                date[i] = number();
                if (digits < 1 || digits > 2) {
                    return false;
                }
            }
            return Civil.isDate(date[0], date[1], date[2]);
        }

        private @Nullable TimestampText time(int[] date, boolean timeOnly) {
            int[] time = new int[4];
            for (int i = 0; i < 3; i++) {
                time[i] = number();
                if (digits < 1 || digits > 2) {
                    return null;
                } else if (at == end) {
                    return result(date, time, timeOnly, null);
                } else if (i < 2 && data[at++] != ':') {
                    return null;
                }
            }
            if (data[at] == '.') {
                at++;
                time[3] = fraction();
            }
            if (at == end) {
                return result(date, time, timeOnly, null);
            }
            try {
                ZoneId zone = zoneOf(new String(data, at, end - at, StandardCharsets.UTF_8));
                return result(date, time, timeOnly, zone);
            } catch (DateTimeException e) {
                return null;
            }
        }

        private static @Nullable TimestampText result(int[] date, int[] time, boolean timeOnly, @Nullable ZoneId zone) {
            if (time[0] > 23 || time[1] > 59 || time[2] > 59) {
                return null;
            }
            return new TimestampText(date[0], date[1], date[2], time[0], time[1], time[2], time[3], timeOnly, zone);
        }

        int date() {
            int[] date = {1970, 1, 1};
            if (at == end || !readDate(date, 7)) {
                return TimestampParser.INVALID_DATE;
            }
            if (at < end && (digits == 0 || !takeSeparator())) {
                return TimestampParser.INVALID_DATE;
            }
            long day = Civil.epochDay(date[0], date[1], date[2]);
            return (int) day == day ? (int) day : TimestampParser.INVALID_DATE;
        }

        private boolean takeSeparator() {
            boolean found = data[at] == ' ' || data[at] == 'T';
            at++;
            return found;
        }

        private int number() {
            int value = 0;
            digits = 0;
            while (at < end && isDigit(data[at])) {
                value = digits < 8 ? value * 10 + (data[at] - '0') : value;
                digits++;
                at++;
            }
            return value;
        }

        private int fraction() {
            int micros = 0;
            int unit = 100_000;
            while (at < end && isDigit(data[at])) {
                micros += (data[at] - '0') * unit;
                unit /= 10;
                at++;
            }
            return micros;
        }

        private int peek() {
            return at < end ? data[at] : -1;
        }

        private static boolean isDigit(byte b) {
            return b >= '0' && b <= '9';
        }
    }
}
