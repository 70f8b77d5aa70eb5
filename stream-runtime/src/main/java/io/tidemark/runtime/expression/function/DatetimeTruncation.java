package io.tidemark.runtime.expression.function;

import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_DAY;
import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_SECOND;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Validity;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code date_trunc(unit, timestamp)} and {@code trunc(date, unit)}; an unknown unit gives null. */
final class DatetimeTruncation {
    private DatetimeTruncation() {}

    /** What is left of a point in time. */
    private enum Unit {
        MICROSECOND,
        MILLISECOND,
        SECOND,
        MINUTE,
        HOUR,
        DAY,
        WEEK,
        MONTH,
        QUARTER,
        YEAR;

        static @Nullable Unit parse(@Nullable String text) {
            return text == null
                    ? null
                    : switch (text.toUpperCase(Locale.ROOT)) {
                        case "MICROSECOND" -> MICROSECOND;
                        case "MILLISECOND" -> MILLISECOND;
                        case "SECOND" -> SECOND;
                        case "MINUTE" -> MINUTE;
                        case "HOUR" -> HOUR;
                        case "DAY", "DD" -> DAY;
                        case "WEEK" -> WEEK;
                        case "MON", "MONTH", "MM" -> MONTH;
                        case "QUARTER" -> QUARTER;
                        case "YEAR", "YYYY", "YY" -> YEAR;
                        default -> null;
                    };
        }

        /** Returns the length for units of one length in every zone, otherwise 0. */
        long micros() {
            return switch (this) {
                case MICROSECOND -> 1;
                case MILLISECOND -> 1_000;
                case SECOND -> MICROS_PER_SECOND;
                case MINUTE -> 60 * MICROS_PER_SECOND;
                case HOUR -> 3600 * MICROS_PER_SECOND;
                default -> 0;
            };
        }

        int firstDay(int day) {
            if (this == DAY) {
                return day;
            } else if (this == WEEK) {
                return day - DatetimeFields.weekday(day);
            }
            long date = Civil.date(day);
            int month = Civil.month(date);
            int first =
                    switch (this) {
                        case MONTH -> month;
                        case QUARTER -> (month - 1) / 3 * 3 + 1;
                        default -> 1;
                    };
            return (int) Civil.epochDay(Civil.year(date), first, 1);
        }
    }

    static List<FunctionDefinition> all() {
        return List.of(
                Builtin.of(
                        "date_trunc",
                        arguments -> {
                            arguments.count(2).cast(0, AtomicType.STRING);
                            arguments.cast(1, AtomicType.TIMESTAMP);
                            return arguments.call(AtomicType.TIMESTAMP, true);
                        },
                        DatetimeTruncation::timestampKernel),
                Builtin.of(
                        "trunc",
                        arguments -> {
                            arguments.count(2).cast(0, AtomicType.DATE);
                            arguments.cast(1, AtomicType.STRING);
                            return arguments.call(AtomicType.DATE, true);
                        },
                        DatetimeTruncation::dateKernel));
    }

    /** Finds the unit of each row; remembers the last text, since it is nearly always the same. One thread. */
    private static final class Units {
        private final BytesVector texts;
        private final boolean constant;
        private @Nullable Unit unit;
        private boolean parsed;

        Units(BytesVector texts, boolean constant) {
            this.texts = texts;
            this.constant = constant;
        }

        @Nullable
        Unit at(int row) {
            if (!parsed || !constant) {
                unit = texts.isNull(row) ? null : Unit.parse(texts.string(row));
                parsed = true;
            }
            return unit;
        }
    }

    private static Kernel timestampKernel(BoundCall call, List<Kernel> kernels) {
        boolean constant = call.arguments().get(0) instanceof Constant;
        return (batch, rows, context) -> {
            Units units = new Units((BytesVector) kernels.get(0).evaluate(batch, rows, context), constant);
            LongVector column = (LongVector) kernels.get(1).evaluate(batch, rows, context);
            ZoneConverter zone = new ZoneConverter(context.zone());
            long[] in = column.values();
            long[] out = new long[rows.limit()];
            NullMask nulls = new NullMask(out.length, column.validity());
            int[] at = rows.positions();
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                if (!nulls.isValid(row)) {
                    continue;
                }
                Unit unit = units.at(row);
                if (unit == null) {
                    nulls.setNull(row);
                } else {
                    out[row] = truncate(in[row], unit, zone);
                }
            }
            return new LongVector(AtomicType.TIMESTAMP, out.length, out, nulls.bits());
        };
    }

    private static long truncate(long micros, Unit unit, ZoneConverter zone) {
        long length = unit.micros();
        if (length > 0 && length <= MICROS_PER_SECOND) {
            return micros - Math.floorMod(micros, length);
        }
        long local = zone.toLocal(micros);
        if (length > 0) {
            return micros - Math.floorMod(local, length);
        }
        int day = unit.firstDay((int) Math.floorDiv(local, MICROS_PER_DAY));
        return zone.toUtc(day * MICROS_PER_DAY);
    }

    private static Kernel dateKernel(BoundCall call, List<Kernel> kernels) {
        boolean constant = call.arguments().get(1) instanceof Constant;
        return (batch, rows, context) -> {
            IntVector column = (IntVector) kernels.get(0).evaluate(batch, rows, context);
            Units units = new Units((BytesVector) kernels.get(1).evaluate(batch, rows, context), constant);
            int[] out = new int[rows.limit()];
            NullMask nulls = new NullMask(out.length, column.validity());
            int[] at = rows.positions();
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                if (!Validity.isValid(column.validity(), row)) {
                    continue;
                }
                Unit unit = units.at(row);
                if (unit == null || unit.ordinal() < Unit.WEEK.ordinal()) {
                    nulls.setNull(row);
                } else {
                    out[row] = unit.firstDay(column.values()[row]);
                }
            }
            return new IntVector(AtomicType.DATE, out.length, out, nulls.bits());
        };
    }
}
