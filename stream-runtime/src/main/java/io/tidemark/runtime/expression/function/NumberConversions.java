package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.FloatVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import org.jspecify.annotations.Nullable;

/** Conversions between truth values, integers and floating numbers, and of integers to their bytes. */
final class NumberConversions {
    private NumberConversions() {}

    static Conversion of(AtomicType from, AtomicType to) {
        return switch (to) {
            case BOOLEAN -> (input, rows, run) -> toBoolean(input, rows.limit());
            case FLOAT -> (input, rows, run) -> toFloats(input, rows.limit());
            case DOUBLE ->
                (input, rows, run) ->
                        new DoubleVector(to, rows.limit(), toDoubles(input, rows.limit()), input.validity());
            case BINARY -> (input, rows, run) -> toBytes(input, from, rows.limit());
            case TINYINT, SMALLINT, INT ->
                from == AtomicType.FLOAT || from == AtomicType.DOUBLE
                        ? (input, rows, run) -> floatingToInts(input, from, to, rows, run)
                        : (input, rows, run) -> integersToInts(input, from, to, rows, run);
            case BIGINT ->
                from == AtomicType.FLOAT || from == AtomicType.DOUBLE
                        ? (input, rows, run) -> floatingToLongs(input, from, rows, run)
                        : (input, rows, run) ->
                                new LongVector(to, rows.limit(), toLongs(input, rows.limit()), input.validity());
            default -> throw new IllegalArgumentException("no conversion from " + from + " to " + to);
        };
    }

    private static ColumnVector toFloats(ColumnVector input, int limit) {
        float[] out = new float[limit];
        if (input instanceof LongVector longs) { // through double they would be rounded twice
            for (int i = 0; i < limit; i++) {
                out[i] = longs.values()[i];
            }
        } else {
            double[] doubles = toDoubles(input, limit);
            for (int i = 0; i < limit; i++) {
                out[i] = (float) doubles[i];
            }
        }
        return new FloatVector(AtomicType.FLOAT, limit, out, input.validity());
    }

    private static ColumnVector toBoolean(ColumnVector input, int limit) {
        boolean[] out = new boolean[limit];
        if (input instanceof IntVector ints) {
            for (int i = 0; i < limit; i++) {
                out[i] = ints.values()[i] != 0;
            }
        } else if (input instanceof LongVector longs) {
            for (int i = 0; i < limit; i++) {
                out[i] = longs.values()[i] != 0;
            }
        } else {
            double[] doubles = toDoubles(input, limit);
            for (int i = 0; i < limit; i++) {
                out[i] = doubles[i] != 0;
            }
        }
        return new BooleanVector(AtomicType.BOOLEAN, limit, out, input.validity());
    }

    /** Returns the values of a boolean, integer or floating column; the array may be the column's own. */
    static double[] toDoubles(ColumnVector input, int limit) {
        if (input instanceof DoubleVector doubles) {
            return doubles.values();
        }
        double[] out = new double[limit];
        if (input instanceof IntVector ints) {
            for (int i = 0; i < limit; i++) {
                out[i] = ints.values()[i];
            }
        } else if (input instanceof LongVector longs) {
            for (int i = 0; i < limit; i++) {
                out[i] = longs.values()[i];
            }
        } else if (input instanceof FloatVector floats) {
            for (int i = 0; i < limit; i++) {
                out[i] = floats.values()[i];
            }
        } else {
            boolean[] values = ((BooleanVector) input).values();
            for (int i = 0; i < limit; i++) {
                out[i] = values[i] ? 1 : 0;
            }
        }
        return out;
    }

    /** Returns the values of a boolean or integer column; the array may be the column's own. */
    static long[] toLongs(ColumnVector input, int limit) {
        if (input instanceof LongVector longs) {
            return longs.values();
        }
        long[] out = new long[limit];
        if (input instanceof IntVector ints) {
            for (int i = 0; i < limit; i++) {
                out[i] = ints.values()[i];
            }
        } else {
            boolean[] values = ((BooleanVector) input).values();
            for (int i = 0; i < limit; i++) {
                out[i] = values[i] ? 1 : 0;
            }
        }
        return out;
    }

    private static ColumnVector integersToInts(
            ColumnVector input, AtomicType from, AtomicType to, Selection rows, Conversion.Run run) {
        if (input instanceof IntVector ints && (to == AtomicType.INT || from == AtomicType.TINYINT)) {
            return new IntVector(to, input.length(), ints.values(), input.validity());
        }
        return narrow(input, from, to, toLongs(input, rows.limit()), rows, run);
    }

    /** Brings longs into the range of a smaller integral type. */
    static ColumnVector narrow(
            ColumnVector source, DataType from, AtomicType to, long[] values, Selection rows, Conversion.Run run) {
        int limit = rows.limit();
        int[] out = new int[limit];
        long different = 0;
        for (int i = 0; i < limit; i++) {
            out[i] = narrow(values[i], to);
            different |= out[i] ^ values[i];
        }
        if (different == 0 || run.mode() == EvalMode.LEGACY) {
            return new IntVector(to, limit, out, source.validity());
        }
        NullMask nulls = new NullMask(limit, source.validity());
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (out[row] != values[row] && nulls.isValid(row)) {
                if (run.fails()) {
                    throw EvaluationErrors.castOverflow(ErrorValue.of(source, row, run), from, to);
                }
                nulls.setNull(row);
            }
        }
        return new IntVector(to, limit, out, nulls.bits());
    }

    static int narrow(long value, AtomicType to) {
        return to == AtomicType.INT ? (int) value : to == AtomicType.SMALLINT ? (short) value : (byte) value;
    }

    static long min(AtomicType type) {
        return switch (type) {
            case TINYINT -> Byte.MIN_VALUE;
            case SMALLINT -> Short.MIN_VALUE;
            case INT -> Integer.MIN_VALUE;
            default -> Long.MIN_VALUE;
        };
    }

    static long max(AtomicType type) {
        return switch (type) {
            case TINYINT -> Byte.MAX_VALUE;
            case SMALLINT -> Short.MAX_VALUE;
            case INT -> Integer.MAX_VALUE;
            default -> Long.MAX_VALUE;
        };
    }

    private static ColumnVector floatingToInts(
            ColumnVector input, AtomicType from, AtomicType to, Selection rows, Conversion.Run run) {
        double[] values = toDoubles(input, rows.limit());
        int[] out = new int[rows.limit()];
        for (int i = 0; i < out.length; i++) {
            out[i] = narrow((int) values[i], to);
        }
        long[] validity = checkRange(input, from, to, values, rows, run);
        return new IntVector(to, out.length, out, validity);
    }

    private static ColumnVector floatingToLongs(
            ColumnVector input, AtomicType from, Selection rows, Conversion.Run run) {
        double[] values = toDoubles(input, rows.limit());
        long[] out = new long[rows.limit()];
        for (int i = 0; i < out.length; i++) {
            out[i] = (long) values[i];
        }
        long[] validity = checkRange(input, from, AtomicType.BIGINT, values, rows, run);
        return new LongVector(AtomicType.BIGINT, out.length, out, validity);
    }

    private static long @Nullable [] checkRange(
            ColumnVector input, DataType from, AtomicType to, double[] values, Selection rows, Conversion.Run run) {
        if (run.mode() == EvalMode.LEGACY) {
            return input.validity();
        }
        NullMask nulls = new NullMask(rows.limit(), input.validity());
        double min = min(to);
        double max = max(to);
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            boolean fits = Math.floor(values[row]) <= max && Math.ceil(values[row]) >= min;
            if (!fits && nulls.isValid(row)) {
                if (run.fails()) {
                    throw EvaluationErrors.castOverflow(ErrorValue.of(input, row, run), from, to);
                }
                nulls.setNull(row);
            }
        }
        return nulls.bits();
    }

    /** The integers as big-endian bytes of the type's width. */
    private static ColumnVector toBytes(ColumnVector input, AtomicType from, int limit) {
        int width =
                switch (from) {
                    case TINYINT -> 1;
                    case SMALLINT -> 2;
                    case INT -> 4;
                    default -> 8;
                };
        long[] values = toLongs(input, limit);
        byte[] data = new byte[Math.multiplyExact(limit, width)];
        int[] starts = new int[limit];
        int[] lengths = new int[limit];
        for (int i = 0; i < limit; i++) {
            starts[i] = i * width;
            lengths[i] = width;
            for (int b = 0; b < width; b++) {
                data[i * width + b] = (byte) (values[i] >> (8 * (width - 1 - b)));
            }
        }
        return new BytesVector(AtomicType.BINARY, limit, data, starts, lengths, input.validity());
    }
}
