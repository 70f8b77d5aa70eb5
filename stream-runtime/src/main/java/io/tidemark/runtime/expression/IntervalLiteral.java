package io.tidemark.runtime.expression;

import static java.util.Objects.requireNonNull;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.Expression;
import io.tidemark.api.plan.Expression.Call;
import io.tidemark.api.plan.Expression.Literal;
import io.tidemark.api.types.AtomicType;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * A constant span of time, either of months or of microseconds. There is no type of intervals: one only stands beside a
 * date or timestamp that it moves, in plans as the call {@code interval(months, micros, units)}.
 *
 * @param months 0 if the units are those of a day and below
 * @param micros 0 if the units are years and months; a day counts as 24 hours here
 * @param units in capitals as SQL writes them: {@code MINUTE}, {@code DAY TO SECOND}
 */
public record IntervalLiteral(int months, long micros, String units) {
    private static final String FUNCTION = "interval";
    private static final List<String> FIELDS = List.of("DAY", "HOUR", "MINUTE", "SECOND");
    private static final long[] FIELD_MICROS = {86_400_000_000L, 3_600_000_000L, 60_000_000L};

    public IntervalLiteral {
        requireNonNull(units, "units");
    }

    /** Returns the interval as an expression. */
    public Call call(Origin origin) {
        return new Call(
                FUNCTION,
                List.of(
                        new Literal(months, AtomicType.INT, origin),
                        new Literal(micros, AtomicType.BIGINT, origin),
                        new Literal(units, AtomicType.STRING, origin)),
                origin);
    }

    /**
     * Returns the interval that an expression is, signs before it included; empty for anything else.
     *
     * @throws AnalysisException {@code INVALID_LITERAL} if its negative is out of range
     */
    public static Optional<IntervalLiteral> of(Expression expression) {
        if (!(expression instanceof Call call)) {
            return Optional.empty();
        }
        List<Expression> arguments = call.arguments();
        if (arguments.size() == 1 && call.function().equals("negative")) {
            return of(arguments.get(0)).map(interval -> interval.negated(call.origin()));
        } else if (arguments.size() == 1 && call.function().equals("positive")) {
            return of(arguments.get(0));
        }
        boolean written = call.function().equals(FUNCTION)
                && arguments.size() == 3
                && arguments.get(0) instanceof Literal months
                && months.value() instanceof Integer
                && arguments.get(1) instanceof Literal micros
                && micros.value() instanceof Long
                && arguments.get(2) instanceof Literal units
                && units.value() instanceof String text
                && isRange(text);
        return written
                ? Optional.of(
                        new IntervalLiteral((Integer) value(arguments.get(0)), (Long) value(arguments.get(1)), (String)
                                value(arguments.get(2))))
                : Optional.empty();
    }

    private static boolean isRange(String units) {
        String[] range = units.split(" TO ", 2);
        String last = range[range.length - 1];
        if (range[0].equals("YEAR") || range[0].equals("MONTH")) {
            return last.equals("YEAR") || last.equals("MONTH");
        }
        return FIELDS.contains(range[0]) && FIELDS.indexOf(last) >= FIELDS.indexOf(range[0]);
    }

    private static Object value(Expression literal) {
        return requireNonNull(((Literal) literal).value());
    }

    /**
     * Returns this interval backwards.
     *
     * @throws AnalysisException {@code INVALID_LITERAL} if that is out of range
     */
    public IntervalLiteral negated(Origin origin) {
        if (months == Integer.MIN_VALUE || micros == Long.MIN_VALUE) {
            throw new AnalysisException(
                    ErrorCode.INVALID_LITERAL,
                    "The negative of " + sql() + " is outside the range of intervals. Use a smaller one.",
                    origin);
        }
        return new IntervalLiteral(-months, -micros, units);
    }

    /** Returns whether it counts months or years. */
    public boolean isMonths() {
        return units.equals("YEAR") || units.endsWith("MONTH");
    }

    /** Returns whether it counts days and nothing below. */
    public boolean isDays() {
        return units.equals("DAY");
    }

    /** Returns it as Spark writes it: {@code INTERVAL '01:30' HOUR TO MINUTE}. */
    public String sql() {
        return "INTERVAL '" + (isMonths() ? monthsText() : microsText()) + "' " + units;
    }

    private String monthsText() {
        long size = Math.abs((long) months);
        String sign = months < 0 ? "-" : "";
        return switch (units) {
            case "YEAR" -> sign + size / 12;
            case "MONTH" -> sign + size;
            default -> sign + size / 12 + "-" + size % 12;
        };
    }

    private String microsText() {
        String[] range = units.split(" TO ", 2);
        int first = FIELDS.indexOf(range[0]);
        int last = FIELDS.indexOf(range[range.length - 1]);
        BigDecimal rest = BigDecimal.valueOf(micros).abs();
        StringBuilder out = new StringBuilder(micros < 0 ? "-" : "");
        for (int field = first; field <= last; field++) {
            if (field > first) {
                out.append(field == 1 ? ' ' : ':');
            }
            if (field == FIELD_MICROS.length) {
                String seconds = rest.movePointLeft(6).stripTrailingZeros().toPlainString();
                out.append(rest.compareTo(BigDecimal.valueOf(10_000_000)) < 0 ? "0" : "")
                        .append(seconds);
            } else {
                BigDecimal[] parts = rest.divideAndRemainder(BigDecimal.valueOf(FIELD_MICROS[field]));
                String count = parts[0].toPlainString();
                out.append(field > 0 && count.length() < 2 ? "0" : "").append(count);
                rest = parts[1];
            }
        }
        return out.toString();
    }
}
