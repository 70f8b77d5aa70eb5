package io.tidemark.runtime.expression.function;

import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_DAY;
import static io.tidemark.runtime.expression.function.Civil.MICROS_PER_SECOND;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.FloatVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.Validity;
import java.math.BigDecimal;

/** Conversions between dates and timestamps, and between timestamps and seconds as numbers. */
final class DatetimeConversions {
    private static final double MICROS = MICROS_PER_SECOND;

    private DatetimeConversions() {}

    static Conversion of(DataType from, AtomicType to) {
        if (to == AtomicType.DATE) {
            return (input, rows, run) -> toDate((LongVector) input, from, rows, run);
        } else if (to == AtomicType.TIMESTAMP || to == AtomicType.TIMESTAMP_NTZ) {
            return toTimestamp(from, to);
        } else if (from == AtomicType.TIMESTAMP) {
            return fromTimestamp(to);
        }
        // Without ANSI rules a date is null as a number.
        Conversion nulls = Conversions.of(AtomicType.NULL, to);
        return (input, rows, run) -> nulls.apply(input, rows, run);
    }

    private static ColumnVector toDate(LongVector input, DataType from, Selection rows, Conversion.Run run) {
        long[] values = input.values();
        int[] out = new int[rows.limit()];
        int[] at = rows.positions();
        ZoneConverter zone = run.zoneConverter();
        boolean zoned = from == AtomicType.TIMESTAMP;
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (Validity.isValid(input.validity(), row)) {
                long local = zoned ? zone.toLocal(values[row]) : values[row];
                out[row] = (int) Math.floorDiv(local, MICROS_PER_DAY);
            }
        }
        return new IntVector(AtomicType.DATE, out.length, out, input.validity());
    }

    private static Conversion toTimestamp(DataType from, AtomicType to) {
        boolean zoned = to == AtomicType.TIMESTAMP;
        if (from == AtomicType.DATE) {
            return (input, rows, run) -> datesToTimestamps((IntVector) input, to, rows, run);
        } else if (from == AtomicType.TIMESTAMP || from == AtomicType.TIMESTAMP_NTZ) {
            return (input, rows, run) -> shift((LongVector) input, to, zoned, rows, run);
        } else if (from instanceof DecimalType) {
            return (input, rows, run) -> decimalToTimestamp((DecimalVector) input, rows);
        } else if (from == AtomicType.FLOAT || from == AtomicType.DOUBLE) {
            return (input, rows, run) -> floatingToTimestamp(input, rows, run);
        } else if (from == AtomicType.BOOLEAN) {
            return (input, rows, run) ->
                    new LongVector(to, rows.limit(), NumberConversions.toLongs(input, rows.limit()), input.validity());
        }
        return (input, rows, run) -> secondsToTimestamp(input, rows);
    }

    private static ColumnVector datesToTimestamps(IntVector input, AtomicType to, Selection rows, Conversion.Run run) {
        int[] days = input.values();
        long[] out = new long[rows.limit()];
        int[] at = rows.positions();
        ZoneConverter zone = run.zoneConverter();
        boolean zoned = to == AtomicType.TIMESTAMP;
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (Validity.isValid(input.validity(), row)) {
                long local = Math.multiplyExact(days[row], MICROS_PER_DAY);
                out[row] = zoned ? zone.toUtc(local) : local;
            }
        }
        return new LongVector(to, out.length, out, input.validity());
    }

    private static ColumnVector shift(
            LongVector input, AtomicType to, boolean toInstants, Selection rows, Conversion.Run run) {
        long[] values = input.values();
        long[] out = new long[rows.limit()];
        int[] at = rows.positions();
        ZoneConverter zone = run.zoneConverter();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (Validity.isValid(input.validity(), row)) {
                out[row] = toInstants ? zone.toUtc(values[row]) : zone.toLocal(values[row]);
            }
        }
        return new LongVector(to, out.length, out, input.validity());
    }

    private static ColumnVector secondsToTimestamp(ColumnVector input, Selection rows) {
        long[] values = NumberConversions.toLongs(input, rows.limit());
        long[] out = new long[rows.limit()];
        long bound = Long.MAX_VALUE / MICROS_PER_SECOND;
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i] > bound
                    ? Long.MAX_VALUE
                    : values[i] < -bound ? Long.MIN_VALUE : values[i] * MICROS_PER_SECOND;
        }
        return new LongVector(AtomicType.TIMESTAMP, out.length, out, input.validity());
    }

    private static ColumnVector floatingToTimestamp(ColumnVector input, Selection rows, Conversion.Run run) {
        double[] seconds = NumberConversions.toDoubles(input, rows.limit());
        long[] out = new long[rows.limit()];
        NullMask nulls = new NullMask(out.length, input.validity());
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (!nulls.isValid(row)) {
                continue;
            }
            double micros = seconds[row] * MICROS;
            out[row] = (long) micros;
            boolean finite = Double.isFinite(seconds[row]);
            boolean fits = Math.floor(micros) <= Long.MAX_VALUE && Math.ceil(micros) >= Long.MIN_VALUE;
            if (!finite || (!fits && run.mode() != EvalMode.LEGACY)) {
                if (run.fails()) {
                    throw finite
                            ? EvaluationErrors.castOverflow(
                                    ErrorValue.ofDouble(micros), AtomicType.DOUBLE, AtomicType.BIGINT)
                            : EvaluationErrors.castInvalid(
                                    ErrorValue.of(input, row, run), input.type(), AtomicType.TIMESTAMP);
                }
                nulls.setNull(row);
            }
        }
        return new LongVector(AtomicType.TIMESTAMP, out.length, out, nulls.bits());
    }

    private static ColumnVector decimalToTimestamp(DecimalVector input, Selection rows) {
        long[] out = new long[rows.limit()];
        BigDecimal micros = BigDecimal.valueOf(MICROS_PER_SECOND);
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (!input.isNull(row)) {
                out[row] = input.decimal(row).multiply(micros).longValue();
            }
        }
        return new LongVector(AtomicType.TIMESTAMP, out.length, out, input.validity());
    }

    /** Returns the conversion to decimal seconds. */
    static Conversion timestampToDecimal(DecimalType to) {
        return (input, rows, run) -> {
            long[] values = ((LongVector) input).values();
            DecimalOutput out = new DecimalOutput(to, rows.limit(), input.validity(), run.mode());
            int[] at = rows.positions();
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                if (out.isValid(row)) {
                    out.set(row, BigDecimal.valueOf(values[row] / MICROS));
                }
            }
            return out.build();
        };
    }

    private static Conversion fromTimestamp(AtomicType to) {
        return (input, rows, run) -> {
            long[] micros = ((LongVector) input).values();
            int limit = rows.limit();
            if (to == AtomicType.BOOLEAN) {
                boolean[] out = new boolean[limit];
                for (int i = 0; i < limit; i++) {
                    out[i] = micros[i] != 0;
                }
                return new BooleanVector(to, limit, out, input.validity());
            } else if (to == AtomicType.DOUBLE) {
                double[] out = new double[limit];
                for (int i = 0; i < limit; i++) {
                    out[i] = micros[i] / MICROS;
                }
                return new DoubleVector(to, limit, out, input.validity());
            } else if (to == AtomicType.FLOAT) {
                float[] out = new float[limit];
                for (int i = 0; i < limit; i++) {
                    out[i] = (float) (micros[i] / MICROS);
                }
                return new FloatVector(to, limit, out, input.validity());
            }
            long[] seconds = new long[limit];
            for (int i = 0; i < limit; i++) {
                seconds[i] = Math.floorDiv(micros[i], MICROS_PER_SECOND);
            }
            if (to == AtomicType.BIGINT) {
                return new LongVector(to, limit, seconds, input.validity());
            }
            // Spark gives null here without ANSI rules too, not the low bits.
            Conversion.Run narrowing = run.fails() ? run : new Conversion.Run(EvalMode.TRY, run.context());
            return NumberConversions.narrow(input, input.type(), to, seconds, rows, narrowing);
        };
    }
}
