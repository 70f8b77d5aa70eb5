package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.FloatVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Conversions from string. Text that is no value of the type fails or gives null. */
final class TextConversions {
    private TextConversions() {}

    static Conversion of(DataType to) {
        if (to instanceof DecimalType decimal) {
            return (input, rows, run) -> toDecimal((BytesVector) input, decimal, rows, run);
        }
        AtomicType type = (AtomicType) to;
        return switch (type) {
            case BINARY -> (input, rows, run) -> ((BytesVector) input).as(AtomicType.BINARY);
            case BOOLEAN -> (input, rows, run) -> toBoolean((BytesVector) input, rows, run);
            case TINYINT, SMALLINT, INT -> (input, rows, run) -> toInts((BytesVector) input, type, rows, run);
            case BIGINT -> (input, rows, run) -> toLongs((BytesVector) input, rows, run);
            case FLOAT -> (input, rows, run) -> toFloats((BytesVector) input, rows, run);
            case DOUBLE -> (input, rows, run) -> toDoubles((BytesVector) input, rows, run);
            case DATE -> (input, rows, run) -> toDates((BytesVector) input, rows, run);
            case TIMESTAMP -> (input, rows, run) -> toTimestamps((BytesVector) input, rows, run);
            case TIMESTAMP_NTZ -> (input, rows, run) -> toLocalTimestamps((BytesVector) input, rows, run);
            default -> throw new IllegalArgumentException("no conversion from string to " + to);
        };
    }

    /** The rows of one conversion: fails or takes down a null for the bad ones. */
    private record Reading(BytesVector input, DataType to, NullMask nulls, Conversion.Run run) {
        Reading(BytesVector input, DataType to, Selection rows, Conversion.Run run) {
            this(input, to, new NullMask(rows.limit(), input.validity()), run);
        }

        void invalid(int row) {
            if (run.fails()) {
                throw EvaluationErrors.castInvalid("'" + input.string(row) + "'", AtomicType.STRING, to);
            }
            nulls.setNull(row);
        }

        long @Nullable [] validity() {
            return nulls.bits();
        }
    }

    private static ColumnVector toBoolean(BytesVector input, Selection rows, Conversion.Run run) {
        Reading reading = new Reading(input, AtomicType.BOOLEAN, rows, run);
        boolean[] out = new boolean[rows.limit()];
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (!reading.nulls().isValid(row)) {
                continue;
            }
            int truth = NumberText.truth(input.data(), input.starts()[row], input.lengths()[row]);
            out[row] = truth == 1;
            if (truth < 0) {
                reading.invalid(row);
            }
        }
        return new BooleanVector(AtomicType.BOOLEAN, out.length, out, reading.validity());
    }

    private static ColumnVector toInts(BytesVector input, AtomicType to, Selection rows, Conversion.Run run) {
        Reading reading = new Reading(input, to, rows, run);
        int[] out = new int[rows.limit()];
        NumberText text = new NumberText(run.mode() == EvalMode.LEGACY);
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (!reading.nulls().isValid(row)) {
                continue;
            }
            boolean read = text.readLong(input.data(), input.starts()[row], input.lengths()[row]);
            out[row] = NumberConversions.narrow(text.value(), to);
            if (!read || out[row] != text.value()) {
                reading.invalid(row);
            }
        }
        return new IntVector(to, out.length, out, reading.validity());
    }

    private static ColumnVector toLongs(BytesVector input, Selection rows, Conversion.Run run) {
        Reading reading = new Reading(input, AtomicType.BIGINT, rows, run);
        long[] out = new long[rows.limit()];
        NumberText text = new NumberText(run.mode() == EvalMode.LEGACY);
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (!reading.nulls().isValid(row)) {
                continue;
            }
            if (text.readLong(input.data(), input.starts()[row], input.lengths()[row])) {
                out[row] = text.value();
            } else {
                reading.invalid(row);
            }
        }
        return new LongVector(AtomicType.BIGINT, out.length, out, reading.validity());
    }

    private static ColumnVector toFloats(BytesVector input, Selection rows, Conversion.Run run) {
        Reading reading = new Reading(input, AtomicType.FLOAT, rows, run);
        float[] out = new float[rows.limit()];
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (!reading.nulls().isValid(row)) {
                continue;
            }
            Float value = NumberText.parseFloat(input.string(row));
            if (value == null) {
                reading.invalid(row);
            } else {
                out[row] = value;
            }
        }
        return new FloatVector(AtomicType.FLOAT, out.length, out, reading.validity());
    }

    private static ColumnVector toDoubles(BytesVector input, Selection rows, Conversion.Run run) {
        Reading reading = new Reading(input, AtomicType.DOUBLE, rows, run);
        double[] out = new double[rows.limit()];
        NumberText text = new NumberText(false);
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (!reading.nulls().isValid(row)) {
                continue;
            }
            if (text.readDouble(input.data(), input.starts()[row], input.lengths()[row])) {
                out[row] = text.doubleValue();
            } else {
                reading.invalid(row);
            }
        }
        return new DoubleVector(AtomicType.DOUBLE, out.length, out, reading.validity());
    }

    private static ColumnVector toDecimal(BytesVector input, DecimalType to, Selection rows, Conversion.Run run) {
        Reading reading = new Reading(input, to, rows, run);
        DecimalOutput out = new DecimalOutput(to, rows.limit(), input.validity(), run.mode());
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (!out.isValid(row)) {
                continue;
            }
            BigDecimal value = NumberText.parseDecimal(input.string(row));
            if (value == null) {
                reading.invalid(row);
                out.setNull(row);
            } else if (run.fails() && value.precision() - value.scale() > DecimalType.MAX_PRECISION) {
                throw EvaluationErrors.tooManyDigits(input.string(row));
            } else {
                out.set(row, value);
            }
        }
        return out.build();
    }

    private static ColumnVector toDates(BytesVector input, Selection rows, Conversion.Run run) {
        Reading reading = new Reading(input, AtomicType.DATE, rows, run);
        int[] out = new int[rows.limit()];
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (!reading.nulls().isValid(row)) {
                continue;
            }
            out[row] = TimestampParser.parseDate(input.data(), input.starts()[row], input.lengths()[row]);
            if (out[row] == TimestampParser.INVALID_DATE) {
                reading.invalid(row);
            }
        }
        return new IntVector(AtomicType.DATE, out.length, out, reading.validity());
    }

    private static ColumnVector toTimestamps(BytesVector input, Selection rows, Conversion.Run run) {
        Reading reading = new Reading(input, AtomicType.TIMESTAMP, rows, run);
        long[] out = new long[rows.limit()];
        ZoneConverter zone = run.zoneConverter();
        Long now = run.context().batchTimestampMillis();
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (!reading.nulls().isValid(row)) {
                continue;
            }
            out[row] = TimestampParser.parse(
                    input.data(),
                    input.starts()[row],
                    input.lengths()[row],
                    zone,
                    run.context().zone(),
                    now);
            if (out[row] == TimestampParser.INVALID) {
                reading.invalid(row);
            }
        }
        return new LongVector(AtomicType.TIMESTAMP, out.length, out, reading.validity());
    }

    private static ColumnVector toLocalTimestamps(BytesVector input, Selection rows, Conversion.Run run) {
        Reading reading = new Reading(input, AtomicType.TIMESTAMP_NTZ, rows, run);
        long[] out = new long[rows.limit()];
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (!reading.nulls().isValid(row)) {
                continue;
            }
            out[row] = TimestampParser.parseLocal(input.data(), input.starts()[row], input.lengths()[row]);
            if (out[row] == TimestampParser.INVALID) {
                reading.invalid(row);
            }
        }
        return new LongVector(AtomicType.TIMESTAMP_NTZ, out.length, out, reading.validity());
    }
}
