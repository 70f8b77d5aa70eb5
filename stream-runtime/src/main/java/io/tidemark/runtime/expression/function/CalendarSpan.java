package io.tidemark.runtime.expression.function;

import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_DAY;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A span of time as texts give it to window functions: {@code '10 minutes'}, {@code 'interval 1 day 2 hours'}. Months and
 * days are kept apart, since how long they are depends on where they are added.
 */
public record CalendarSpan(int months, int days, long micros) {
    private static final Pattern PREFIX = Pattern.compile("interval\\s+");
    private static final Pattern PART =
            Pattern.compile("\\s*([+-]?)\\s*(?=\\.?\\d)(\\d*)(?:\\.(\\d{0,9}))?\\s+([a-z]+)(?=\\s|$)\\s*");
    private static final int MONTHS_PER_YEAR = 12;
    private static final int DAYS_PER_WEEK = 7;

    /** Reads a text; empty if it is no span, as where Spark casts a string to an interval. */
    public static Optional<CalendarSpan> parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        Matcher prefix = PREFIX.matcher(lower);
        int at = prefix.lookingAt() ? prefix.end() : 0;
        if (at == lower.length()) {
            return Optional.empty();
        }
        CalendarSpan sum = new CalendarSpan(0, 0, 0);
        Matcher part = PART.matcher(lower);
        try {
            while (at < lower.length()) {
                if (!part.region(at, lower.length()).lookingAt()) {
                    return Optional.empty();
                }
                Optional<CalendarSpan> next = part(part);
                if (next.isEmpty()) {
                    return Optional.empty();
                }
                sum = sum.plus(next.get());
                at = part.end();
            }
        } catch (ArithmeticException | NumberFormatException tooLarge) {
            return Optional.empty();
        }
        return Optional.of(sum);
    }

    private static Optional<CalendarSpan> part(Matcher part) {
        String unit = part.group(4);
        String singular = unit.endsWith("s") ? unit.substring(0, unit.length() - 1) : unit;
        long sign = part.group(1).equals("-") ? -1 : 1;
        long amount = part.group(2).isEmpty() ? 0 : sign * Long.parseLong(part.group(2));
        if (part.group(3) != null) {
            boolean seconds = singular.equals("second");
            long fraction = Long.parseLong((part.group(3) + "000000").substring(0, 6));
            return seconds
                    ? Optional.of(new CalendarSpan(
                            0, 0, Math.addExact(Math.multiplyExact(amount, 1_000_000L), sign * fraction)))
                    : Optional.empty();
        }
        return switch (singular) {
            case "year" ->
                Optional.of(new CalendarSpan(Math.multiplyExact(Math.toIntExact(amount), MONTHS_PER_YEAR), 0, 0));
            case "month" -> Optional.of(new CalendarSpan(Math.toIntExact(amount), 0, 0));
            case "week" ->
                Optional.of(new CalendarSpan(0, Math.multiplyExact(Math.toIntExact(amount), DAYS_PER_WEEK), 0));
            case "day" -> Optional.of(new CalendarSpan(0, Math.toIntExact(amount), 0));
            case "hour" -> micros(amount, 3_600_000_000L);
            case "minute" -> micros(amount, 60_000_000L);
            case "second" -> micros(amount, 1_000_000L);
            case "millisecond" -> micros(amount, 1_000L);
            case "microsecond" -> micros(amount, 1L);
            default -> Optional.empty();
        };
    }

    private static Optional<CalendarSpan> micros(long amount, long size) {
        return Optional.of(new CalendarSpan(0, 0, Math.multiplyExact(amount, size)));
    }

    private CalendarSpan plus(CalendarSpan other) {
        return new CalendarSpan(
                Math.addExact(months, other.months),
                Math.addExact(days, other.days),
                Math.addExact(micros, other.micros));
    }

    /**
     * Returns its length with days of 24 hours.
     *
     * @throws ArithmeticException if it has months, or is too long
     */
    public long fixedMicros() {
        if (months != 0) {
            throw new ArithmeticException("months have no fixed length");
        }
        return Math.addExact(Math.multiplyExact(days, MICROS_PER_DAY), micros);
    }

    /** Returns whether it is as long wherever it is added: it has neither months nor days. */
    public boolean isFixed() {
        return months == 0 && days == 0;
    }
}
