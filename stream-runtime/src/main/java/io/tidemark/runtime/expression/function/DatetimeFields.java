package io.tidemark.runtime.expression.function;

import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_DAY;
import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_SECOND;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntUnaryOperator;
import java.util.function.LongToIntFunction;
import org.jspecify.annotations.Nullable;

/** The parts of dates and times: {@code year} … {@code second}, {@code extract} and {@code date_part}. */
final class DatetimeFields {
    private static final DecimalType SECONDS_TYPE = new DecimalType(8, 6);
    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
    private static final List<String> WEEKDAYS = List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");

    private DatetimeFields() {}

    static List<FunctionDefinition> all() {
        List<FunctionDefinition> all = new ArrayList<>();
        all.add(ofDate("year", day -> Civil.year(Civil.date(day))));
        all.add(ofDate("quarter", day -> (Civil.month(Civil.date(day)) + 2) / 3));
        all.add(ofDate("month", day -> Civil.month(Civil.date(day))));
        all.add(ofDate("day", day -> Civil.day(Civil.date(day))).alias("dayofmonth"));
        all.add(ofDate("dayofweek", day -> Math.floorMod(day + 4L, 7) + 1));
        all.add(ofDate("weekday", DatetimeFields::weekday));
        all.add(ofDate("dayofyear", DatetimeFields::dayOfYear));
        all.add(ofDate("weekofyear", day -> (dayOfYear(thursday(day)) - 1) / 7 + 1));
        all.add(ofDate("dayofweek_iso", day -> weekday(day) + 1));
        all.add(ofDate("yearofweek", day -> Civil.year(Civil.date(thursday(day)))));
        all.add(ofTime("hour", local -> (int) (secondOfDay(local) / 3600)));
        all.add(ofTime("minute", local -> (int) (secondOfDay(local) / 60 % 60)));
        all.add(ofTime("second", local -> (int) (secondOfDay(local) % 60)));
        all.add(Builtin.of(
                "second_with_fraction",
                arguments -> {
                    castToTime(arguments.count(1));
                    return arguments.call(SECONDS_TYPE);
                },
                (call, kernels) -> seconds(kernels.get(0))));
        all.add(named("monthname", day -> Civil.month(Civil.date(day)) - 1, MONTHS));
        all.add(named("dayname", DatetimeFields::weekday, WEEKDAYS));
        all.add(Builtin.of("extract", DatetimeFields::bindExtract, (call, kernels) -> kernels.get(0))
                .alias("date_part", "datepart"));
        return all;
    }

    /** Monday is 0. */
    static int weekday(int day) {
        return Math.floorMod(day + 3L, 7);
    }

    /** Returns the Thursday of the same week, whose year is that of the week. */
    private static int thursday(int day) {
        return day - weekday(day) + 3;
    }

    private static int dayOfYear(int day) {
        return (int) (day - Civil.epochDay(Civil.year(Civil.date(day)), 1, 1)) + 1;
    }

    private static long secondOfDay(long localMicros) {
        return Math.floorMod(localMicros, MICROS_PER_DAY) / MICROS_PER_SECOND;
    }

    private static Builtin ofDate(String name, IntUnaryOperator field) {
        return Builtin.of(
                name,
                arguments -> arguments.count(1).castAll(0, AtomicType.DATE).call(AtomicType.INT),
                (call, kernels) -> Elementwise.ints(kernels.get(0), AtomicType.INT, field));
    }

    private static Builtin ofTime(String name, LongToIntFunction field) {
        return Builtin.of(
                name,
                arguments -> {
                    castToTime(arguments.count(1));
                    return arguments.call(AtomicType.INT);
                },
                (call, kernels) -> Elementwise.localTimes(kernels.get(0), AtomicType.INT, field));
    }

    private static void castToTime(Arguments arguments) {
        if (arguments.type(0) != AtomicType.TIMESTAMP_NTZ) {
            arguments.cast(0, AtomicType.TIMESTAMP);
        }
    }

    private static Kernel seconds(Kernel input) {
        Kernel micros = Elementwise.localTimes(
                input, AtomicType.INT, local -> (int) Math.floorMod(local, 60 * MICROS_PER_SECOND));
        return (batch, rows, context) -> {
            IntVector column = (IntVector) micros.evaluate(batch, rows, context);
            long[] out = NumberConversions.toLongs(column, rows.limit());
            return new DecimalVector(SECONDS_TYPE, rows.limit(), out, column.validity());
        };
    }

    private static Builtin named(String name, IntUnaryOperator field, List<String> names) {
        return Builtin.of(
                name,
                arguments -> arguments.count(1).castAll(0, AtomicType.DATE).call(AtomicType.STRING),
                (call, kernels) -> (batch, rows, context) -> {
                    IntVector days = (IntVector) kernels.get(0).evaluate(batch, rows, context);
                    TextOutput out = new TextOutput(rows.limit(), days.validity());
                    for (int i = 0; i < rows.count(); i++) {
                        int row = rows.at(i);
                        if (out.isValid(row)) {
                            out.begin(row);
                            out.ascii(names.get(field.applyAsInt(days.values()[row])));
                            out.end(row);
                        }
                    }
                    return out.build(AtomicType.STRING);
                });
    }

    private static BoundExpression bindExtract(Arguments arguments) {
        arguments.count(2);
        String field =
                arguments.get(0) instanceof Constant constant && constant.value() instanceof String text ? text : "";
        String function = functionOf(field.toUpperCase(Locale.ROOT));
        if (function == null) {
            throw new AnalysisException(
                    ErrorCode.INVALID_ARGUMENT_VALUE,
                    "Cannot extract '" + field + "' from " + arguments.type(1).sql()
                            + ": there is no such part. Use YEAR, QUARTER, MONTH, WEEK, DAY, DOW, DOY, HOUR, MINUTE or SECOND.",
                    arguments.context().origin());
        }
        return arguments.context().registry().builtin(function).bind(List.of(arguments.get(1)), arguments.context());
    }

    private static @Nullable String functionOf(String field) {
        return switch (field) {
            case "YEAR", "Y", "YEARS", "YR", "YRS" -> "year";
            case "YEAROFWEEK" -> "yearofweek";
            case "QUARTER", "QTR" -> "quarter";
            case "MONTH", "MON", "MONS", "MONTHS" -> "month";
            case "WEEK", "W", "WEEKS" -> "weekofyear";
            case "DAY", "D", "DAYS" -> "day";
            case "DAYOFWEEK", "DOW" -> "dayofweek";
            case "DAYOFWEEK_ISO", "DOW_ISO" -> "dayofweek_iso";
            case "DOY" -> "dayofyear";
            case "HOUR", "H", "HOURS", "HR", "HRS" -> "hour";
            case "MINUTE", "M", "MIN", "MINS", "MINUTES" -> "minute";
            case "SECOND", "S", "SEC", "SECONDS", "SECS" -> "second_with_fraction";
            default -> null;
        };
    }
}
