package io.tidemark.runtime.shuffle;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ArrayVector;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.FloatVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.MapVector;
import io.tidemark.api.vector.StructVector;

/**
 * Writes chosen rows of several batches as one block. All numbers are little-endian:
 *
 * <pre>
 * block   := rows:int column*
 * column  := nulls:byte [validity:long*] values          nulls: 0 none, 1 some (bitmap follows, bit set = not null)
 * values  := fixed width, one a row                       boolean 1 byte, whole numbers up to INT and DATE 4, the others 8,
 *                                                         FLOAT 4, decimals of at most 18 digits 8
 *          | length:int* bytes                            STRING, BINARY; wider decimals as two's complement, high byte first
 *          | length:int* members:column [members:column]  ARRAY; MAP (keys, then values)
 *          | column*                                      STRUCT
 * </pre>
 *
 * The form is private to one process and never older than it. Reused from block to block; one thread.
 */
final class BlockEncoder {
    private final Bytes out = new Bytes();

    /**
     * Encodes rows; {@link #bytes} up to {@link #length} is the block until the next call.
     *
     * @param rows where they stand in each of the batches
     */
    void encode(StructType schema, Picked[] columns, int rows) {
        out.clear();
        out.putInt(rows);
        for (int c = 0; c < columns.length; c++) {
            column(schema.field(c).dataType(), columns[c], rows);
        }
    }

    byte[] bytes() {
        return out.array();
    }

    int length() {
        return out.length();
    }

    private void column(DataType type, Picked from, int rows) {
        boolean nulls = from.hasNulls();
        out.putByte((byte) (nulls ? 1 : 0));
        if (nulls) {
            for (long word : from.validity(rows)) {
                out.putLong(word);
            }
        }
        if (type instanceof AtomicType atomic) {
            switch (atomic) {
                case NULL -> {}
                case BOOLEAN -> booleans(from);
                case TINYINT, SMALLINT, INT, DATE -> ints(from);
                case BIGINT, TIMESTAMP, TIMESTAMP_NTZ -> longs(from);
                case FLOAT -> floats(from);
                case DOUBLE -> doubles(from);
                case STRING, BINARY -> bytes(from, rows);
            }
        } else if (type instanceof DecimalType decimal) {
            if (decimal.fitsLong()) {
                longs(from);
            } else {
                wideDecimals(from, rows);
            }
        } else if (type instanceof ArrayType array) {
            Picked elements = from.members(
                    v -> ((ArrayVector) v).starts(),
                    v -> ((ArrayVector) v).lengths(),
                    v -> ((ArrayVector) v).elements(),
                    out);
            column(array.elementType(), elements, elements.count());
        } else if (type instanceof MapType map) {
            Picked keys = from.members(
                    v -> ((MapVector) v).starts(), v -> ((MapVector) v).lengths(), v -> ((MapVector) v).keys(), out);
            column(map.keyType(), keys, keys.count());
            column(map.valueType(), from.inStep(keys, v -> ((MapVector) v).entryValues()), keys.count());
        } else {
            StructType struct = (StructType) type;
            for (int f = 0; f < struct.size(); f++) {
                int field = f;
                column(struct.field(f).dataType(), from.child(v -> ((StructVector) v).child(field)), rows);
            }
        }
    }

    private void booleans(Picked from) {
        for (int k = 0; k < from.pieces(); k++) {
            int n = from.size(k);
            int at = out.reserve(n);
            if (from.isVoid(k)) {
                continue;
            }
            byte[] bytes = out.array();
            boolean[] values = ((BooleanVector) from.vector(k)).values();
            int[] rows = from.rows(k);
            for (int i = from.from(k); i < from.until(k); i++) {
                bytes[at++] = (byte) (values[rows == null ? i : rows[i]] ? 1 : 0);
            }
        }
    }

    private void ints(Picked from) {
        for (int k = 0; k < from.pieces(); k++) {
            int at = out.reserve(4L * from.size(k));
            if (from.isVoid(k)) {
                continue;
            }
            byte[] bytes = out.array();
            int[] values = ((IntVector) from.vector(k)).values();
            int[] rows = from.rows(k);
            for (int i = from.from(k); i < from.until(k); i++, at += 4) {
                Bytes.INT.set(bytes, at, values[rows == null ? i : rows[i]]);
            }
        }
    }

    private void longs(Picked from) {
        for (int k = 0; k < from.pieces(); k++) {
            int at = out.reserve(8L * from.size(k));
            if (from.isVoid(k)) {
                continue;
            }
            byte[] bytes = out.array();
            ColumnVector vector = from.vector(k);
            long[] values = vector instanceof LongVector plain ? plain.values() : ((DecimalVector) vector).longs();
            int[] rows = from.rows(k);
            for (int i = from.from(k); i < from.until(k); i++, at += 8) {
                Bytes.LONG.set(bytes, at, values[rows == null ? i : rows[i]]);
            }
        }
    }

    private void floats(Picked from) {
        for (int k = 0; k < from.pieces(); k++) {
            int at = out.reserve(4L * from.size(k));
            if (from.isVoid(k)) {
                continue;
            }
            byte[] bytes = out.array();
            float[] values = ((FloatVector) from.vector(k)).values();
            int[] rows = from.rows(k);
            for (int i = from.from(k); i < from.until(k); i++, at += 4) {
                Bytes.INT.set(bytes, at, Float.floatToRawIntBits(values[rows == null ? i : rows[i]]));
            }
        }
    }

    private void doubles(Picked from) {
        for (int k = 0; k < from.pieces(); k++) {
            int at = out.reserve(8L * from.size(k));
            if (from.isVoid(k)) {
                continue;
            }
            byte[] bytes = out.array();
            double[] values = ((DoubleVector) from.vector(k)).values();
            int[] rows = from.rows(k);
            for (int i = from.from(k); i < from.until(k); i++, at += 8) {
                Bytes.LONG.set(bytes, at, Double.doubleToRawLongBits(values[rows == null ? i : rows[i]]));
            }
        }
    }

    private void bytes(Picked from, int count) {
        int lengthsAt = out.reserve(4L * count);
        for (int k = 0; k < from.pieces(); k++) {
            if (from.isVoid(k)) {
                lengthsAt += 4 * from.size(k);
                continue;
            }
            BytesVector vector = (BytesVector) from.vector(k);
            byte[] data = vector.data();
            int[] starts = vector.starts();
            int[] lengths = vector.lengths();
            int[] rows = from.rows(k);
            boolean nulls = vector.mayHaveNulls();
            for (int i = from.from(k); i < from.until(k); i++, lengthsAt += 4) {
                int row = rows == null ? i : rows[i];
                if (!nulls || !vector.isNull(row)) {
                    Bytes.INT.set(out.array(), lengthsAt, lengths[row]);
                    out.put(data, starts[row], lengths[row]);
                }
            }
        }
    }

    private void wideDecimals(Picked from, int count) {
        int lengthsAt = out.reserve(4L * count);
        for (int k = 0; k < from.pieces(); k++) {
            int[] rows = from.rows(k);
            for (int i = from.from(k); i < from.until(k); i++, lengthsAt += 4) {
                int row = rows == null ? i : rows[i];
                if (!from.isVoid(k) && !from.vector(k).isNull(row)) {
                    byte[] unscaled =
                            ((DecimalVector) from.vector(k)).unscaled(row).toByteArray();
                    Bytes.INT.set(out.array(), lengthsAt, unscaled.length);
                    out.put(unscaled, 0, unscaled.length);
                }
            }
        }
    }
}
