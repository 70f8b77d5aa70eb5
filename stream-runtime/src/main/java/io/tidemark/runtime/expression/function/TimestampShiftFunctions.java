package io.tidemark.runtime.expression.function;

import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_DAY;
import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_SECOND;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Validity;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Timestamps moved by units of time, their distance, moved between zones, and made from their parts. */
final class TimestampShiftFunctions {
    private static final DecimalType SECONDS_TYPE = new DecimalType(16, 6);

    private TimestampShiftFunctions() {}

    static List<FunctionDefinition> all() {
        return List.of(
                Builtin.of("timestampadd", TimestampShiftFunctions::bindAdd, TimestampShiftFunctions::addKernel),
                Builtin.of("timestampdiff", TimestampShiftFunctions::bindDiff, TimestampShiftFunctions::diffKernel),
                betweenZones("from_utc_timestamp", true),
                betweenZones("to_utc_timestamp", false),
                make("make_timestamp", AtomicType.TIMESTAMP).alias("make_timestamp_ltz"),
                make("make_timestamp_ntz", AtomicType.TIMESTAMP_NTZ));
    }

    /** A unit as so many microseconds, or as so many months. */
    private record Unit(long micros, int months) {}

    private static Unit unit(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "MICROSECOND" -> new Unit(1, 0);
            case "MILLISECOND" -> new Unit(1_000, 0);
            case "SECOND" -> new Unit(MICROS_PER_SECOND, 0);
            case "MINUTE" -> new Unit(60 * MICROS_PER_SECOND, 0);
            case "HOUR" -> new Unit(3600 * MICROS_PER_SECOND, 0);
            case "DAY", "DAYOFYEAR" -> new Unit(MICROS_PER_DAY, 0);
            case "WEEK" -> new Unit(7 * MICROS_PER_DAY, 0);
            case "MONTH" -> new Unit(0, 1);
            case "QUARTER" -> new Unit(0, 3);
            case "YEAR" -> new Unit(0, 12);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static void checkUnit(Arguments arguments) {
        String name =
                arguments.get(0) instanceof Constant constant && constant.value() instanceof String text ? text : "";
        try {
            unit(name);
        } catch (IllegalArgumentException e) {
            throw DateShiftFunctions.unknownUnit(name, arguments);
        }
    }

    private static Unit unitOf(BoundCall call) {
        return unit((String) Objects.requireNonNull(((Constant) call.arguments().get(0)).value()));
    }

    private static BoundExpression bindAdd(Arguments arguments) {
        checkUnit(arguments.count(3));
        arguments.cast(1, AtomicType.BIGINT);
        if (arguments.type(2) != AtomicType.TIMESTAMP_NTZ) {
            arguments.cast(2, AtomicType.TIMESTAMP);
        }
        return arguments.call(arguments.type(2));
    }

    private static Kernel addKernel(BoundCall call, List<Kernel> kernels) {
        Unit unit = unitOf(call);
        boolean zoned = call.type() == AtomicType.TIMESTAMP;
        return (batch, rows, context) -> {
            LongVector amounts = (LongVector) kernels.get(1).evaluate(batch, rows, context);
            LongVector times = (LongVector) kernels.get(2).evaluate(batch, rows, context);
            ZoneConverter zone = new ZoneConverter(context.zone());
            long[] validity = Validity.and(amounts.validity(), times.validity());
            long[] out = new long[rows.limit()];
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.at(i);
                if (Validity.isValid(validity, row)) {
                    try {
                        out[row] = add(times.values()[row], amounts.values()[row], unit, zoned, zone);
                    } catch (ArithmeticException | DateTimeException e) {
                        throw EvaluationErrors.datetimeOverflow(
                                "add " + amounts.values()[row] + " units to " + times.value(row));
                    }
                }
            }
            return new LongVector(call.type(), out.length, out, validity);
        };
    }

    private static long add(long micros, long amount, Unit unit, boolean zoned, ZoneConverter zone) {
        boolean days = unit.micros() >= MICROS_PER_DAY;
        if (unit.months() == 0 && !days) {
            return Math.addExact(micros, Math.multiplyExact(amount, unit.micros()));
        }
        long local = zoned ? zone.toLocal(micros) : micros;
        long moved = days
                ? Math.addExact(local, Math.multiplyExact(amount, unit.micros()))
                : plusMonths(local, Math.multiplyExact(amount, unit.months()));
        return zoned ? zone.toUtc(moved, local - micros) : moved;
    }

    private static long plusMonths(long local, long months) {
        long day = Math.floorDiv(local, MICROS_PER_DAY);
        long inDay = local - day * MICROS_PER_DAY;
        return Math.addExact(Math.multiplyExact(Civil.plusMonths(day, months), MICROS_PER_DAY), inDay);
    }

    private static BoundExpression bindDiff(Arguments arguments) {
        checkUnit(arguments.count(3));
        boolean local = arguments.type(1) == AtomicType.TIMESTAMP_NTZ && arguments.type(2) == AtomicType.TIMESTAMP_NTZ;
        AtomicType type = local ? AtomicType.TIMESTAMP_NTZ : AtomicType.TIMESTAMP;
        arguments.cast(1, type);
        arguments.cast(2, type);
        return arguments.call(AtomicType.BIGINT);
    }

    private static Kernel diffKernel(BoundCall call, List<Kernel> kernels) {
        Unit unit = unitOf(call);
        return (batch, rows, context) -> {
            LongVector from = (LongVector) kernels.get(1).evaluate(batch, rows, context);
            LongVector until = (LongVector) kernels.get(2).evaluate(batch, rows, context);
            boolean zoned = from.type() == AtomicType.TIMESTAMP;
            ZoneConverter zone = new ZoneConverter(context.zone());
            long[] validity = Validity.and(from.validity(), until.validity());
            long[] out = new long[rows.limit()];
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.at(i);
                if (Validity.isValid(validity, row)) {
                    long a = zoned ? zone.toLocal(from.values()[row]) : from.values()[row];
                    long b = zoned ? zone.toLocal(until.values()[row]) : until.values()[row];
                    out[row] = unit.months() == 0
                            ? Math.subtractExact(b, a) / unit.micros()
                            : monthsBetween(a, b) / unit.months();
                }
            }
            return new LongVector(AtomicType.BIGINT, out.length, out, validity);
        };
    }

    /** Returns the whole months from {@code a} to {@code b}, negative backwards. */
    private static long monthsBetween(long a, long b) {
        long months = monthAndRest(b, true) - monthAndRest(a, true);
        long rest = monthAndRest(b, false) - monthAndRest(a, false);
        if (months > 0 && rest < 0) {
            return months - 1;
        }
        return months < 0 && rest > 0 ? months + 1 : months;
    }

    /** Returns the number of the month, or the microseconds into it. */
    private static long monthAndRest(long local, boolean wantsMonth) {
        long day = Math.floorDiv(local, MICROS_PER_DAY);
        long date = Civil.date(day);
        return wantsMonth
                ? Civil.year(date) * 12L + Civil.month(date)
                : (Civil.day(date) - 1) * MICROS_PER_DAY + (local - day * MICROS_PER_DAY);
    }

    /** @param fromUtc whether the local time in the zone is wanted of a time in UTC, or the other way round */
    private static Builtin betweenZones(String name, boolean fromUtc) {
        return Builtin.of(
                name,
                arguments -> {
                    arguments.count(2).cast(0, AtomicType.TIMESTAMP);
                    arguments.cast(1, AtomicType.STRING);
                    return arguments.call(AtomicType.TIMESTAMP);
                },
                (call, kernels) -> (batch, rows, context) -> {
                    LongVector times = (LongVector) kernels.get(0).evaluate(batch, rows, context);
                    BytesVector zones = (BytesVector) kernels.get(1).evaluate(batch, rows, context);
                    long[] validity = Validity.and(times.validity(), zones.validity());
                    long[] out = new long[rows.limit()];
                    String last = "";
                    ZoneConverter zone = new ZoneConverter(context.zone());
                    for (int i = 0; i < rows.count(); i++) {
                        int row = rows.at(i);
                        if (Validity.isValid(validity, row)) {
                            String zoneName = zones.string(row);
                            if (!zoneName.equals(last)) {
                                zone = converter(zoneName);
                                last = zoneName;
                            }
                            long micros = times.values()[row];
                            out[row] = fromUtc ? zone.toLocal(micros) : zone.toUtc(micros);
                        }
                    }
                    return new LongVector(AtomicType.TIMESTAMP, out.length, out, validity);
                });
    }

    private static ZoneConverter converter(String zoneName) {
        try {
            return new ZoneConverter(TimestampText.zoneOf(zoneName));
        } catch (DateTimeException e) {
            throw EvaluationErrors.invalidZone(zoneName);
        }
    }

    private static Builtin make(String name, AtomicType type) {
        return Builtin.of(
                name,
                arguments -> {
                    arguments.count(6, type == AtomicType.TIMESTAMP ? 7 : 6);
                    for (int i = 0; i < 5; i++) {
                        arguments.cast(i, AtomicType.INT);
                    }
                    arguments.cast(5, SECONDS_TYPE);
                    if (arguments.size() == 7) {
                        arguments.cast(6, AtomicType.STRING);
                    }
                    boolean nullable =
                            arguments.anyNullable() || !arguments.context().ansi();
                    return arguments.call(type, nullable);
                },
                (call, kernels) -> makeKernel(type, kernels));
    }

    private static Kernel makeKernel(DataType type, List<Kernel> kernels) {
        return (batch, rows, context) -> {
            List<ColumnVector> columns = new ArrayList<>();
            long[] validity = null;
            for (Kernel kernel : kernels) {
                ColumnVector column = kernel.evaluate(batch, rows, context);
                columns.add(column);
                validity = Validity.and(validity, column.validity());
            }
            long[] out = new long[rows.limit()];
            NullMask nulls = new NullMask(out.length, validity);
            ZoneConverter session = new ZoneConverter(context.zone());
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.at(i);
                if (!nulls.isValid(row)) {
                    continue;
                }
                try {
                    long local = local(columns, row);
                    ZoneConverter zone =
                            columns.size() == 7 ? converter(((BytesVector) columns.get(6)).string(row)) : session;
                    out[row] = type == AtomicType.TIMESTAMP ? zone.toUtc(local) : local;
                } catch (DateTimeException | ArithmeticException e) {
                    if (context.ansi()) {
                        throw EvaluationErrors.fieldOutOfBounds(String.valueOf(e.getMessage()));
                    }
                    nulls.setNull(row);
                }
            }
            return new LongVector(type, out.length, out, nulls.bits());
        };
    }

    private static long local(List<ColumnVector> columns, int row) {
        int[] parts = new int[5];
        for (int i = 0; i < 5; i++) {
            parts[i] = ((IntVector) columns.get(i)).values()[row];
        }
        long micros = ((DecimalVector) columns.get(5)).longs()[row];
        boolean nextMinute = micros == 60 * MICROS_PER_SECOND;
        long second = nextMinute ? 0 : Math.floorDiv(micros, MICROS_PER_SECOND);
        LocalTime time =
                LocalTime.of(parts[3], parts[4], (int) second, (int) Math.floorMod(micros, MICROS_PER_SECOND) * 1_000);
        long day = LocalDate.of(parts[0], parts[1], parts[2]).toEpochDay();
        long inDay = time.toNanoOfDay() / 1_000 + (nextMinute ? 60 * MICROS_PER_SECOND : 0);
        return Math.addExact(Math.multiplyExact(day, MICROS_PER_DAY), inDay);
    }
}
