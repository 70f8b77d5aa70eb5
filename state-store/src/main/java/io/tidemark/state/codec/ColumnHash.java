package io.tidemark.state.codec;

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
import io.tidemark.api.vector.NullVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.StructVector;
import io.tidemark.api.vector.Validity;

/**
 * Spark's {@code hash} of columns: each value is hashed with what came before it as the seed, a null leaves the seed as it
 * is. {@code pmod(hash(keys), partitions)} is the partition of a row, for shuffles and for state alike.
 */
public final class ColumnHash {
    /** The seed Spark starts from. */
    public static final int SEED = 42;

    private ColumnHash() {}

    /**
     * Hashes a column into {@code hashes}, by position.
     *
     * @param hashes in: the seed of each selected row; out: its hash
     * @throws IllegalArgumentException for a map, which Spark does not hash either
     */
    public static void update(ColumnVector column, Selection rows, int[] hashes) {
        int[] at = rows.positions();
        int count = rows.count();
        if (column instanceof LongVector longs && !longs.mayHaveNulls()) {
            long[] values = longs.values();
            for (int i = 0; i < count; i++) {
                int row = at == null ? i : at[i];
                hashes[row] = Murmur3.hashLong(values[row], hashes[row]);
            }
        } else if (column instanceof IntVector ints && !ints.mayHaveNulls()) {
            int[] values = ints.values();
            for (int i = 0; i < count; i++) {
                int row = at == null ? i : at[i];
                hashes[row] = Murmur3.hashInt(values[row], hashes[row]);
            }
        } else if (column instanceof BytesVector bytes) {
            byte[] data = bytes.data();
            int[] starts = bytes.starts();
            int[] lengths = bytes.lengths();
            long[] validity = bytes.validity();
            for (int i = 0; i < count; i++) {
                int row = at == null ? i : at[i];
                if (Validity.isValid(validity, row)) {
                    hashes[row] = Murmur3.hashBytes(data, starts[row], lengths[row], hashes[row]);
                }
            }
        } else if (column instanceof StructVector struct && !struct.mayHaveNulls()) {
            for (ColumnVector child : struct.children()) {
                update(child, rows, hashes);
            }
        } else {
            for (int i = 0; i < count; i++) {
                int row = at == null ? i : at[i];
                hashes[row] = hash(column, row, hashes[row]);
            }
        }
    }

    /** Returns the hash of one value. */
    public static int hash(ColumnVector column, int row, int seed) {
        if (column.isNull(row)) {
            return seed;
        } else if (column instanceof IntVector ints) {
            return Murmur3.hashInt(ints.values()[row], seed);
        } else if (column instanceof LongVector longs) {
            return Murmur3.hashLong(longs.values()[row], seed);
        } else if (column instanceof BytesVector bytes) {
            return Murmur3.hashBytes(bytes.data(), bytes.starts()[row], bytes.lengths()[row], seed);
        } else if (column instanceof BooleanVector booleans) {
            return Murmur3.hashInt(booleans.values()[row] ? 1 : 0, seed);
        } else if (column instanceof DoubleVector doubles) {
            double value = doubles.values()[row];
            return Murmur3.hashLong(value == 0.0 ? 0 : Double.doubleToLongBits(value), seed); // -0.0 as 0.0
        } else if (column instanceof FloatVector floats) {
            float value = floats.values()[row];
            return Murmur3.hashInt(value == 0.0f ? 0 : Float.floatToIntBits(value), seed);
        } else if (column instanceof DecimalVector decimals) {
            return decimal(decimals, row, seed);
        } else if (column instanceof StructVector struct) {
            int hash = seed;
            for (ColumnVector child : struct.children()) {
                hash = hash(child, row, hash);
            }
            return hash;
        } else if (column instanceof ArrayVector array) {
            int hash = seed;
            int start = array.starts()[row];
            for (int i = start; i < start + array.lengths()[row]; i++) {
                hash = hash(array.elements(), i, hash);
            }
            return hash;
        } else if (column instanceof MapVector || column instanceof NullVector) {
            throw new IllegalArgumentException(
                    "no hash for a value of type " + column.type().simpleString());
        }
        throw new IllegalStateException("unknown layout " + column.getClass().getName());
    }

    private static int decimal(DecimalVector decimals, int row, int seed) {
        if (decimals.decimalType().fitsLong()) {
            return Murmur3.hashLong(decimals.longs()[row], seed);
        }
        byte[] unscaled = decimals.unscaled(row).toByteArray();
        return Murmur3.hashBytes(unscaled, 0, unscaled.length, seed);
    }

    /** Returns the partition of a hash: never negative. */
    public static int partition(int hash, int partitions) {
        return Math.floorMod(hash, partitions);
    }
}
