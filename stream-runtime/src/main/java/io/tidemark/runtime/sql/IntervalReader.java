package io.tidemark.runtime.sql;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.Expression;
import io.tidemark.runtime.expression.IntervalLiteral;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IntervalContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IntervalValueContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.MultiUnitsIntervalContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.UnitToUnitIntervalContext;
import org.jspecify.annotations.Nullable;

/** Reads the three forms of an interval: {@code 1 DAY 2 HOURS}, {@code '1 02:03' DAY TO MINUTE}, {@code '1 day'}. */
final class IntervalReader {
    private static final List<String> FIELDS = List.of("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND");
    private static final int DAY = 2;
    private static final int SECOND = 5;
    private static final long[] MICROS = {0, 0, 86_400_000_000L, 3_600_000_000L, 60_000_000L, 1_000_000L};
    private static final Pattern PREFIX = Pattern.compile("interval\\s+");
    private static final Pattern PART =
            Pattern.compile("\\s*([+-]?)\\s*(?=\\.?\\d)(\\d*)(?:\\.(\\d{0,9}))?\\s+([a-z]+)(?=\\s|$)");
    private static final Pattern MONTHS = Pattern.compile("([+-]?)(\\d+)-(\\d+)");

    private final Origin origin;

    private IntervalReader(Origin origin) {
        this.origin = origin;
    }

    /** Reads an interval with units outside of quotes. */
    static Expression interval(IntervalContext ctx) {
        Origin origin = Positions.of(ctx);
        IntervalReader reader = new IntervalReader(origin);
        IntervalLiteral interval = ctx.errorCapturingMultiUnitsInterval() != null
                ? reader.exact(() -> reader.parts(reader.joined(ctx.errorCapturingMultiUnitsInterval().body)))
                : reader.exact(() -> reader.range(ctx.errorCapturingUnitToUnitInterval().body));
        return interval.call(origin);
    }

    /** Reads the text of {@code INTERVAL '1 day 2 hours'}. */
    static Expression interval(String text, Origin origin) {
        IntervalReader reader = new IntervalReader(origin);
        return reader.exact(() -> reader.parts(text)).call(origin);
    }

    private interface Reading {
        IntervalLiteral read();
    }

    private IntervalLiteral exact(Reading reading) {
        try {
            return reading.read();
        } catch (ArithmeticException | NumberFormatException e) {
            throw malformed("a number in it is too large");
        }
    }

    private String joined(MultiUnitsIntervalContext body) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < body.intervalValue().size(); i++) {
            IntervalValueContext value = body.intervalValue(i);
            String number = value.stringLit() == null ? value.getText() : signed(value);
            if (number.chars().anyMatch(Character::isLetter)) {
                throw malformed("'" + number + "' is no number");
            }
            text.append(' ').append(number).append(' ').append(body.unit.get(i).getText());
        }
        return text.toString();
    }

    /** Returns the quoted text; a minus before it turns its sign. */
    private static String signed(IntervalValueContext value) {
        String text = LiteralReader.string(value.stringLit()).strip();
        if (value.MINUS() == null) {
            return text;
        }
        return text.startsWith("-") ? text.substring(1) : "-" + text;
    }

    private IntervalLiteral parts(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        Matcher prefix = PREFIX.matcher(lower);
        Matcher part = PART.matcher(lower);
        int at = prefix.lookingAt() ? prefix.end() : 0;
        if (at == lower.length()) {
            throw malformed("it is empty");
        }
        TreeSet<Integer> fields = new TreeSet<>();
        int months = 0;
        long micros = 0;
        while (at < lower.length()) {
            if (!part.region(at, lower.length()).lookingAt()) {
                throw malformed("'" + lower.substring(at).strip() + "' is no number with a unit");
            }
            String unit = part.group(4).endsWith("s")
                    ? part.group(4).substring(0, part.group(4).length() - 1)
                    : part.group(4);
            if (part.group(3) != null && !unit.equals("second")) {
                throw malformed("only seconds can have a fraction");
            }
            long sign = part.group(1).equals("-") ? -1 : 1;
            long amount = part.group(2).isEmpty() ? 0 : sign * Long.parseLong(part.group(2));
            int field = field(unit);
            fields.add(field);
            if (field < DAY) {
                months = Math.addExact(months, Math.toIntExact(field == 0 ? Math.multiplyExact(amount, 12L) : amount));
            } else {
                micros = Math.addExact(micros, Math.multiplyExact(amount, micros(unit, field)));
                micros = Math.addExact(micros, sign * fraction(part.group(3)));
            }
            at = part.end();
        }
        return literal(fields.first(), fields.last(), months, micros);
    }

    private int field(String unit) {
        return switch (unit) {
            case "week" -> DAY;
            case "millisecond", "microsecond" -> SECOND;
            default -> {
                int field = FIELDS.indexOf(unit.toUpperCase(Locale.ROOT));
                if (field < 0) {
                    throw malformed("there is no unit '" + unit + "'");
                }
                yield field;
            }
        };
    }

    private static long micros(String unit, int field) {
        return switch (unit) {
            case "week" -> 7 * MICROS[DAY];
            case "millisecond" -> 1_000;
            case "microsecond" -> 1;
            default -> MICROS[field];
        };
    }

    /** Returns the microseconds of the digits behind a point; what is below them is cut off. */
    private static long fraction(@Nullable String digits) {
        return digits == null || digits.isEmpty() ? 0 : Long.parseLong((digits + "00000").substring(0, 6));
    }

    private IntervalLiteral range(UnitToUnitIntervalContext body) {
        int from = FIELDS.indexOf(body.from.getText().toUpperCase(Locale.ROOT));
        int to = FIELDS.indexOf(body.to.getText().toUpperCase(Locale.ROOT));
        if (body.value.stringLit() == null) {
            throw malformed("the value of an interval from one unit to another stands in quotes");
        } else if (from < 0 || to <= from || (from < DAY) != (to < DAY)) {
            throw malformed("there is no interval from " + body.from.getText() + " to " + body.to.getText());
        }
        String text = signed(body.value);
        return to < DAY ? yearsAndMonths(text) : daysToSeconds(text, from, to);
    }

    private IntervalLiteral yearsAndMonths(String text) {
        Matcher matcher = MONTHS.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > 11) {
            throw malformed("it is not of the form 'years-months', with months from 0 to 11");
        }
        long months = Math.addExact(
                Math.multiplyExact(Long.parseLong(matcher.group(2)), 12L), Long.parseLong(matcher.group(3)));
        return literal(0, 1, Math.toIntExact(matcher.group(1).equals("-") ? -months : months), 0);
    }

    private IntervalLiteral daysToSeconds(String text, int from, int to) {
        StringBuilder pattern = new StringBuilder("([+-]?)(\\d+)");
        StringBuilder shown = new StringBuilder(FIELDS.get(from).toLowerCase(Locale.ROOT));
        for (int field = from + 1; field <= to; field++) {
            char separator = field == DAY + 1 ? ' ' : ':';
            pattern.append(separator).append("(\\d{1,2})");
            shown.append(separator).append(FIELDS.get(field).toLowerCase(Locale.ROOT));
        }
        pattern.append(to == SECOND ? "(?:\\.(\\d{1,9}))?" : "()");
        Matcher matcher = Pattern.compile(pattern.toString()).matcher(text);
        if (!matcher.matches()) {
            throw malformed("it is not of the form '" + shown + "'");
        }
        long sign = matcher.group(1).equals("-") ? -1 : 1;
        long micros = sign * fraction(matcher.group(matcher.groupCount()));
        for (int field = from; field <= to; field++) {
            long amount = Long.parseLong(matcher.group(2 + field - from));
            if (field > from && amount > (field == DAY + 1 ? 23 : 59)) {
                throw malformed(amount + " is too much for " + FIELDS.get(field));
            }
            micros = Math.addExact(micros, Math.multiplyExact(sign * amount, MICROS[field]));
        }
        return literal(from, to, 0, micros);
    }

    private IntervalLiteral literal(int first, int last, int months, long micros) {
        if (first < DAY && last >= DAY) {
            throw malformed("years and months do not go together with days and smaller units; add one after the other");
        }
        return new IntervalLiteral(
                months, micros, first == last ? FIELDS.get(first) : FIELDS.get(first) + " TO " + FIELDS.get(last));
    }

    private AnalysisException malformed(String reason) {
        return Positions.literal("The interval " + origin.text() + " cannot be read: " + reason + ".", origin);
    }
}
