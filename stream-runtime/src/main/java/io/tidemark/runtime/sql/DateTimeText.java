package io.tidemark.runtime.sql;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the texts that stand in DATE and TIMESTAMP literals: {@code 2026-1-31}, {@code 2026-01-31 8:05:00.25+02:00}. */
final class DateTimeText {
    private static final String DATE = "([+-]?\\d{4,7})(?:-(\\d{1,2})(?:-(\\d{1,2}))?)?";
    private static final String TIME = "(\\d{1,2}):(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d{0,9}))?)?";
    private static final Pattern DATE_ONLY = Pattern.compile(DATE + "(?:[ T].*)?");
    private static final Pattern TIMESTAMP = Pattern.compile(DATE + "(?:[ T]" + TIME + "\\s*(\\S+)?)?");
    private static final Pattern SHORT_OFFSET =
            Pattern.compile("(?:UTC|GMT|UT)?[+-]\\d{1,2}(?::?\\d{1,2})?(?::\\d{2})?");
    private static final int ZONE_GROUP = 8;
    private static final int MICRO_DIGITS = 6;

    private DateTimeText() {}

    static Optional<LocalDate> date(String text) {
        Matcher m = DATE_ONLY.matcher(text.strip());
        try {
            return m.matches() ? Optional.of(date(m)) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Reads a timestamp without regard to a zone. */
    static Optional<LocalDateTime> localDateTime(String text) {
        Matcher m = TIMESTAMP.matcher(text.strip());
        try {
            return m.matches() ? Optional.of(LocalDateTime.of(date(m), time(m))) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Returns whether this is a timestamp, with a zone that exists if there is one. */
    static boolean isTimestamp(String text) {
        Matcher m = TIMESTAMP.matcher(text.strip());
        return localDateTime(text).isPresent()
                && m.matches()
                && (m.group(ZONE_GROUP) == null || isZone(m.group(ZONE_GROUP)));
    }

    private static boolean isZone(String zone) {
        if (SHORT_OFFSET.matcher(zone).matches()) {
            return true;
        }
        try {
            ZoneId.of(zone, ZoneId.SHORT_IDS);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static LocalDate date(Matcher m) {
        return LocalDate.of(Integer.parseInt(m.group(1)), number(m.group(2), 1), number(m.group(3), 1));
    }

    private static LocalTime time(Matcher m) {
        if (m.group(4) == null) {
            return LocalTime.MIDNIGHT;
        }
        String fraction = m.group(7) == null ? "" : m.group(7);
        String micros = (fraction + "000000").substring(0, MICRO_DIGITS);
        return LocalTime.of(
                number(m.group(4), 0), number(m.group(5), 0), number(m.group(6), 0), Integer.parseInt(micros) * 1000);
    }

    private static int number(@org.jspecify.annotations.Nullable String digits, int otherwise) {
        return digits == null ? otherwise : Integer.parseInt(digits);
    }
}
