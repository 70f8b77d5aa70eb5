package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The expressions once more, for one row of objects: slow and plain. A row that must fail throws ArithmeticException. */
final class PlainExpressions {
    static final List<String> PARTS = List.of(
            "year",
            "quarter",
            "month",
            "day",
            "dayofweek",
            "weekday",
            "dayofyear",
            "weekofyear",
            "hour",
            "minute",
            "second");
    static final List<String> UNITS = List.of("second", "minute", "hour", "day", "week", "month", "quarter", "year");
    private static final MathContext WIDE = new MathContext(39, RoundingMode.HALF_UP);

    private PlainExpressions() {}

    /** Computes one row. */
    @FunctionalInterface
    interface Plain {
        @Nullable
        Object compute(SampleRow row);
    }

    static @Nullable Object arithmetic(
            String op, DataType type, DataType resultType, @Nullable Object a, @Nullable Object b, boolean ansi) {
        if (a == null || b == null) {
            return null;
        }
        boolean divides = !op.equals("+") && !op.equals("-") && !op.equals("*");
        if (divides && new BigDecimal(zeroOrOne(b)).signum() == 0) {
            if (ansi) {
                throw new ArithmeticException("by zero");
            }
            return null;
        }
        if (a instanceof BigDecimal x) {
            return decimal(op, x, (BigDecimal) b, resultType, ansi);
        } else if (a instanceof Double || a instanceof Float || op.equals("/")) {
            double r = floating(op, ((Number) a).doubleValue(), ((Number) b).doubleValue());
            return type == AtomicType.FLOAT && !op.equals("/")
                    ? (Object) onFloats(op, (Float) a, (Float) b)
                    : (Object) r;
        }
        BigInteger x = BigInteger.valueOf(((Number) a).longValue());
        BigInteger y = BigInteger.valueOf(((Number) b).longValue());
        BigInteger r =
                switch (op) {
                    case "+" -> x.add(y);
                    case "-" -> x.subtract(y);
                    case "*" -> x.multiply(y);
                    case "div" -> x.divide(y);
                    case "%" -> x.remainder(y);
                    default -> {
                        BigInteger first = x.remainder(y);
                        yield first.signum() < 0
                                ? wrapped(first.add(y), type == AtomicType.BIGINT ? type : AtomicType.INT)
                                        .remainder(y)
                                : first;
                    }
                };
        if (ansi && !wrapped(r, resultType).equals(r)) {
            throw new ArithmeticException("overflow");
        }
        return boxed(wrapped(r, resultType).longValue(), resultType);
    }

    private static int zeroOrOne(Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal.signum();
        }
        return ((Number) value).doubleValue() == 0 ? 0 : 1;
    }

    private static double floating(String op, double a, double b) {
        return switch (op) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "%" -> a % b;
            default -> {
                double r = a % b;
                yield r < 0 ? (r + b) % b : r;
            }
        };
    }

    private static float onFloats(String op, float a, float b) {
        return switch (op) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "%" -> a % b;
            default -> {
                float r = a % b;
                yield r < 0 ? (r + b) % b : r;
            }
        };
    }

    private static @Nullable Object decimal(String op, BigDecimal a, BigDecimal b, DataType resultType, boolean ansi) {
        if (op.equals("div")) {
            BigInteger quotient = a.divideToIntegralValue(b).toBigInteger();
            if (quotient.bitLength() > 63 && ansi) {
                throw new ArithmeticException("overflow");
            }
            return quotient.longValue();
        }
        BigDecimal r =
                switch (op) {
                    case "+" -> a.add(b);
                    case "-" -> a.subtract(b);
                    case "*" -> a.multiply(b, WIDE);
                    case "/" -> a.divide(b, 39, RoundingMode.HALF_UP);
                    case "%" -> a.remainder(b);
                    default ->
                        a.remainder(b).signum() < 0 ? a.remainder(b).add(b).remainder(b) : a.remainder(b);
                };
        DecimalType type = (DecimalType) resultType;
        BigDecimal scaled = r.setScale(type.scale(), RoundingMode.HALF_UP);
        if (scaled.precision() > type.precision()) {
            if (ansi) {
                throw new ArithmeticException("overflow");
            }
            return null;
        }
        return scaled;
    }

    private static BigInteger wrapped(BigInteger value, DataType type) {
        return BigInteger.valueOf(
                switch ((AtomicType) type) {
                    case TINYINT -> value.byteValue();
                    case SMALLINT -> value.shortValue();
                    case INT -> value.intValue();
                    default -> value.longValue();
                });
    }

    private static Object boxed(long value, DataType type) {
        return switch ((AtomicType) type) {
            case TINYINT -> (byte) value;
            case SMALLINT -> (short) value;
            case INT -> (int) value;
            default -> value;
        };
    }

    static @Nullable Boolean compare(String op, @Nullable Object a, @Nullable Object b) {
        if (op.equals("<=>")) {
            return (a == null || b == null) ? a == b : order(a, b) == 0;
        } else if (a == null || b == null) {
            return null;
        }
        int order = order(a, b);
        return switch (op) {
            case "=" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    static int order(Object a, Object b) {
        if (a instanceof String x) {
            return Arrays.compareUnsigned(
                    x.getBytes(StandardCharsets.UTF_8), ((String) b).getBytes(StandardCharsets.UTF_8));
        } else if (a instanceof Double x) {
            return x.doubleValue() == (Double) b ? 0 : Double.compare(x, (Double) b);
        } else if (a instanceof Float x) {
            return x.floatValue() == (Float) b ? 0 : Float.compare(x, (Float) b);
        }
        return ((Comparable) a).compareTo(b);
    }

    static @Nullable Object greatest(@Nullable Object a, @Nullable Object b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return order(b, a) > 0 ? b : a;
    }

    static @Nullable Boolean and(@Nullable Object a, @Nullable Object b) {
        if (Boolean.FALSE.equals(a) || Boolean.FALSE.equals(b)) {
            return false;
        }
        return (a == null || b == null) ? null : Boolean.TRUE;
    }

    static @Nullable Boolean or(@Nullable Object a, @Nullable Object b) {
        if (Boolean.TRUE.equals(a) || Boolean.TRUE.equals(b)) {
            return true;
        }
        return (a == null || b == null) ? null : Boolean.FALSE;
    }

    static @Nullable Object tryCast(@Nullable Object a, DataType to) {
        if (a == null) {
            return null;
        } else if (to == AtomicType.DOUBLE) {
            return ((Number) a).doubleValue();
        } else if (to == AtomicType.FLOAT) {
            return ((Number) a).floatValue();
        } else if ((a instanceof Double || a instanceof Float) && !Double.isFinite(((Number) a).doubleValue())) {
            return infinite(((Number) a).doubleValue(), to);
        }
        BigDecimal exact = a instanceof BigDecimal d
                ? d
                : a instanceof Double || a instanceof Float
                        ? BigDecimal.valueOf(((Number) a).doubleValue())
                        : BigDecimal.valueOf(((Number) a).longValue());
        if (to instanceof DecimalType decimal) {
            BigDecimal scaled = exact.setScale(decimal.scale(), RoundingMode.HALF_UP);
            return scaled.precision() > decimal.precision() ? null : scaled;
        }
        BigInteger integral = a instanceof Double || a instanceof Float
                ? new BigDecimal(((Number) a).doubleValue()).toBigInteger()
                : exact.toBigInteger();
        return wrapped(integral, to).equals(integral) ? boxed(integral.longValue(), to) : null;
    }

    private static @Nullable Object infinite(double value, DataType to) {
        assert Double.isNaN(value) || Double.isInfinite(value);
        return to == AtomicType.DOUBLE ? (Object) value : null;
    }

    static @Nullable Object round(@Nullable Object value, int scale) {
        if (value == null || !Double.isFinite((Double) value)) {
            return value;
        }
        return BigDecimal.valueOf((Double) value)
                .setScale(scale, RoundingMode.HALF_UP)
                .doubleValue();
    }

    static @Nullable Object part(String part, @Nullable Object value, ZoneId zone) {
        if (value == null) {
            return null;
        }
        ZonedDateTime time = ((Instant) value).atZone(zone);
        return switch (part) {
            case "year" -> time.getYear();
            case "quarter" -> time.get(IsoFields.QUARTER_OF_YEAR);
            case "month" -> time.getMonthValue();
            case "day" -> time.getDayOfMonth();
            case "dayofweek" -> time.getDayOfWeek().getValue() % 7 + 1;
            case "weekday" -> time.getDayOfWeek().getValue() - 1;
            case "dayofyear" -> time.getDayOfYear();
            case "weekofyear" -> time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
            case "hour" -> time.getHour();
            case "minute" -> time.getMinute();
            default -> time.getSecond();
        };
    }

    static @Nullable Object truncate(String unit, @Nullable Object value, ZoneId zone) {
        if (value == null) {
            return null;
        }
        ZonedDateTime time = ((Instant) value).atZone(zone);
        LocalDate date = time.toLocalDate();
        return switch (unit) {
            case "second" -> time.truncatedTo(ChronoUnit.SECONDS).toInstant();
            case "minute" -> time.truncatedTo(ChronoUnit.MINUTES).toInstant();
            case "hour" -> time.truncatedTo(ChronoUnit.HOURS).toInstant();
            case "day" -> start(date, zone);
            case "week" -> start(date.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)), zone);
            case "month" -> start(date.withDayOfMonth(1), zone);
            case "quarter" -> start(date.withDayOfMonth(1).withMonth((date.getMonthValue() - 1) / 3 * 3 + 1), zone);
            default -> start(date.withDayOfYear(1), zone);
        };
    }

    private static Instant start(LocalDate date, ZoneId zone) {
        return date.atStartOfDay().atZone(zone).toInstant();
    }

    static @Nullable Object throughText(@Nullable Object value, ZoneId zone) {
        if (value == null) {
            return null;
        }
        LocalDateTime local = LocalDateTime.ofInstant((Instant) value, zone);
        return local.atZone(zone).toInstant();
    }

    static @Nullable Object format(@Nullable Object value, ZoneId zone) {
        return value == null
                ? null
                : DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.US)
                        .format(((Instant) value).atZone(zone));
    }
}
