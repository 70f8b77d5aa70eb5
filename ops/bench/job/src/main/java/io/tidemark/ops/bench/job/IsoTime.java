package io.tidemark.ops.bench.job;

import java.time.LocalDate;

/** Reads times as the records have them: {@code 2026-01-01T00:00:00Z}, with up to six digits of a second. */
final class IsoTime {
    private static final long DAY = 86_400_000_000L;

    private IsoTime() {}

    /** Returns microseconds since 1970. */
    static long micros(byte[] text, int start, int length) {
        int end = start + length - 1;
        if (length < 20 || text[end] != 'Z') {
            throw new IllegalArgumentException("A time is expected to end with Z.");
        }
        long day = days(digits(text, start, 4), digits(text, start + 5, 2), digits(text, start + 8, 2));
        long second =
                digits(text, start + 11, 2) * 3_600L + digits(text, start + 14, 2) * 60L + digits(text, start + 17, 2);
        long micros = 0;
        if (text[start + 19] == '.') {
            int fraction = end - start - 20;
            micros = digits(text, start + 20, fraction);
            for (int i = fraction; i < 6; i++) {
                micros *= 10;
            }
        }
        return day * DAY + second * 1_000_000 + micros;
    }

    private static int digits(byte[] text, int start, int count) {
        int value = 0;
        for (int i = start; i < start + count; i++) {
            value = 10 * value + text[i] - '0';
        }
        return value;
    }

    /** As {@link LocalDate#toEpochDay}, without the object (Howard Hinnant, days_from_civil). */
    static long days(int year, int month, int day) {
        int y = month <= 2 ? year - 1 : year;
        int era = Math.floorDiv(y, 400);
        int ofEra = y - era * 400;
        int ofYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        return era * 146_097L + ofEra * 365L + ofEra / 4 - ofEra / 100 + ofYear - 719_468;
    }
}
