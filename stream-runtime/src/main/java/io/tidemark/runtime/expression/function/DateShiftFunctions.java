package io.tidemark.runtime.expression.function;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.Validity;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/** Dates moved by days and months, their distance, and dates from their parts. */
final class DateShiftFunctions {
    private DateShiftFunctions() {}

    static List<FunctionDefinition> all() {
        return List.of(
                Builtin.of(
                        "date_add",
                        arguments -> bindShift(arguments),
                        (call, kernels) -> Elementwise.ints(kernels, AtomicType.DATE, Integer::sum)),
                Builtin.of("dateadd", DateShiftFunctions::bindDateAdd, (call, kernels) -> kernels.get(0)),
                Builtin.of(
                        "date_sub",
                        DateShiftFunctions::bindShift,
                        (call, kernels) -> Elementwise.ints(kernels, AtomicType.DATE, (day, n) -> day - n)),
                Builtin.of(
                                "datediff",
                                DateShiftFunctions::bindDifference,
                                (call, kernels) ->
                                        Elementwise.ints(kernels, AtomicType.INT, (end, start) -> end - start))
                        .alias("date_diff"),
                Builtin.of(
                        "add_months",
                        arguments -> {
                            arguments.count(2).cast(0, AtomicType.DATE);
                            arguments.cast(1, AtomicType.INT);
                            return arguments.call(AtomicType.DATE);
                        },
                        (call, kernels) -> Elementwise.ints(
                                kernels, AtomicType.DATE, (day, months) -> (int) Civil.plusMonths(day, months))),
                Builtin.of(
                        "last_day",
                        arguments ->
                                arguments.count(1).castAll(0, AtomicType.DATE).call(AtomicType.DATE),
                        (call, kernels) ->
                                Elementwise.ints(kernels.get(0), AtomicType.DATE, DateShiftFunctions::lastDay)),
                Builtin.of("next_day", DateShiftFunctions::bindNextDay, (call, kernels) -> nextDayKernel(kernels)),
                Builtin.of("make_date", DateShiftFunctions::bindMakeDate, DateShiftFunctions::makeDateKernel));
    }

    private static BoundExpression bindShift(Arguments arguments) {
        if (arguments.size() == 3 && arguments.type(0) == AtomicType.STRING) {
            return redirect("timestampadd", arguments);
        }
        arguments.count(2).cast(0, AtomicType.DATE);
        DataType days = arguments.type(1);
        if (days == AtomicType.STRING || days == AtomicType.NULL) {
            arguments.cast(1, AtomicType.INT);
        } else if (days != AtomicType.INT && days != AtomicType.SMALLINT && days != AtomicType.TINYINT) {
            throw arguments.mismatch(1, "INT, SMALLINT or TINYINT");
        }
        return arguments.call(AtomicType.DATE);
    }

    private static BoundExpression bindDateAdd(Arguments arguments) {
        return redirect(arguments.count(2, 3).size() == 2 ? "date_add" : "timestampadd", arguments);
    }

    private static BoundExpression bindDifference(Arguments arguments) {
        if (arguments.count(2, 3).size() == 3) {
            return redirect("timestampdiff", arguments);
        }
        return arguments.castAll(0, AtomicType.DATE).call(AtomicType.INT);
    }

    private static BoundExpression redirect(String function, Arguments arguments) {
        return arguments.context().registry().builtin(function).bind(arguments.list(), arguments.context());
    }

    private static int lastDay(int day) {
        long date = Civil.date(day);
        return day - Civil.day(date) + Civil.daysInMonth(Civil.year(date), Civil.month(date));
    }

    private static BoundExpression bindNextDay(Arguments arguments) {
        arguments.count(2).cast(0, AtomicType.DATE);
        arguments.cast(1, AtomicType.STRING);
        return arguments.call(
                AtomicType.DATE, arguments.anyNullable() || !arguments.context().ansi());
    }

    private static Kernel nextDayKernel(List<Kernel> kernels) {
        return (batch, rows, context) -> {
            IntVector days = (IntVector) kernels.get(0).evaluate(batch, rows, context);
            BytesVector names = (BytesVector) kernels.get(1).evaluate(batch, rows, context);
            int[] out = new int[rows.limit()];
            NullMask nulls = new NullMask(out.length, Validity.and(days.validity(), names.validity()));
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.at(i);
                if (!nulls.isValid(row)) {
                    continue;
                }
                int wanted = weekday(names.string(row));
                int day = days.values()[row];
                if (wanted >= 0) {
                    out[row] = day + 1 + Math.floorMod(wanted - DatetimeFields.weekday(day + 1), 7);
                } else if (context.ansi()) {
                    throw EvaluationErrors.illegalDayOfWeek(names.string(row));
                } else {
                    nulls.setNull(row);
                }
            }
            return new IntVector(AtomicType.DATE, out.length, out, nulls.bits());
        };
    }

    private static int weekday(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "MO", "MON", "MONDAY" -> 0;
            case "TU", "TUE", "TUESDAY" -> 1;
            case "WE", "WED", "WEDNESDAY" -> 2;
            case "TH", "THU", "THURSDAY" -> 3;
            case "FR", "FRI", "FRIDAY" -> 4;
            case "SA", "SAT", "SATURDAY" -> 5;
            case "SU", "SUN", "SUNDAY" -> 6;
            default -> -1;
        };
    }

    private static BoundExpression bindMakeDate(Arguments arguments) {
        arguments.count(3).castAll(0, AtomicType.INT);
        return arguments.call(
                AtomicType.DATE, arguments.anyNullable() || !arguments.context().ansi());
    }

    private static Kernel makeDateKernel(BoundCall call, List<Kernel> kernels) {
        return (batch, rows, context) -> {
            IntVector years = (IntVector) kernels.get(0).evaluate(batch, rows, context);
            IntVector months = (IntVector) kernels.get(1).evaluate(batch, rows, context);
            IntVector days = (IntVector) kernels.get(2).evaluate(batch, rows, context);
            int[] out = new int[rows.limit()];
            long[] validity = Validity.and(Validity.and(years.validity(), months.validity()), days.validity());
            NullMask nulls = new NullMask(out.length, validity);
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.at(i);
                if (!nulls.isValid(row)) {
                    continue;
                }
                try {
                    out[row] =
                            Math.toIntExact(LocalDate.of(years.values()[row], months.values()[row], days.values()[row])
                                    .toEpochDay());
                } catch (DateTimeException | ArithmeticException e) {
                    if (context.ansi()) {
                        throw EvaluationErrors.fieldOutOfBounds(String.valueOf(e.getMessage()));
                    }
                    nulls.setNull(row);
                }
            }
            return new IntVector(AtomicType.DATE, out.length, out, nulls.bits());
        };
    }

    /** Returns the error for a unit of time that is not known. */
    static AnalysisException unknownUnit(String unit, Arguments arguments) {
        return new AnalysisException(
                ErrorCode.INVALID_ARGUMENT_VALUE,
                "There is no unit of time '" + unit
                        + "'. Use MICROSECOND, MILLISECOND, SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER or YEAR.",
                arguments.context().origin());
    }
}
