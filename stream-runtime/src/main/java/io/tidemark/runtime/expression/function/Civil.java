package io.tidemark.runtime.expression.function;

/** Calendar arithmetic of the proleptic Gregorian calendar on plain numbers: no object per row. */
final class Civil {
    static final long MICROS_PER_SECOND = 1_000_000L;
    static final long MICROS_PER_DAY = 86_400L * MICROS_PER_SECOND;
    private static final int DAYS_PER_ERA = 146_097;
    /** Days from 0000-03-01, where eras of 400 years start, to 1970-01-01. */
    private static final int MARCH_0000_TO_EPOCH = 719_468;

    private Civil() {}

    /** Returns the days from 1970-01-01 to a date that exists. */
    static long epochDay(int year, int month, int day) {
        long y = month <= 2 ? year - 1L : year;
        long era = Math.floorDiv(y, 400L);
        int yearOfEra = (int) (y - era * 400);
        int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * DAYS_PER_ERA + dayOfEra - MARCH_0000_TO_EPOCH;
    }

    /** Returns the date as {@code year * 512 + month * 32 + day}, to be taken apart by the three methods below. */
    static long date(long epochDay) {
        long shifted = epochDay + MARCH_0000_TO_EPOCH;
        long era = Math.floorDiv(shifted, (long) DAYS_PER_ERA);
        int dayOfEra = (int) (shifted - era * DAYS_PER_ERA);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int monthFromMarch = (5 * dayOfYear + 2) / 153;
        int day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
        int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        return (year << 9) | (month << 5) | day;
    }

    static int year(long date) {
        return (int) (date >> 9);
    }

    static int month(long date) {
        return (int) (date >> 5) & 15;
    }

    static int day(long date) {
        return (int) date & 31;
    }

    static boolean isLeap(long year) {
        return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    static int daysInMonth(int year, int month) {
        return switch (month) {
            case 2 -> isLeap(year) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    /** Returns whether there is such a day. */
    static boolean isDate(int year, int month, int day) {
        return month >= 1 && month <= 12 && day >= 1 && (day <= 28 || day <= daysInMonth(year, month));
    }

    /** Returns the date so many months later, its day cut to the length of the month. */
    static long plusMonths(long epochDay, long months) {
        long date = date(epochDay);
        long total = year(date) * 12L + (month(date) - 1) + months;
        int year = Math.toIntExact(Math.floorDiv(total, 12L));
        int month = (int) Math.floorMod(total, 12L) + 1;
        return epochDay(year, month, Math.min(day(date), daysInMonth(year, month)));
    }
}
