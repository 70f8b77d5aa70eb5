package io.tidemark.runtime.aggregate;

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
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * XXH64 of values, as Spark's {@code xxhash64} has it: numbers by their own width, -0.0 as 0.0, members of structs, arrays and
 * maps one after the other with what came before as the seed; a null leaves the seed as it is.
 */
final class XxHash64 {
    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME_3 = 0x165667B19E3779F9L;
    private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME_5 = 0x27D4EB2F165667C5L;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private XxHash64() {}

    /** Returns the hash of the value at {@code row}. */
    static long hash(ColumnVector column, int row, long seed) {
        if (column.isNull(row)) {
            return seed;
        } else if (column instanceof BytesVector bytes) {
            return hashBytes(bytes.data(), bytes.starts()[row], bytes.lengths()[row], seed);
        } else if (column instanceof LongVector longs) {
            return hashLong(longs.values()[row], seed);
        } else if (column instanceof IntVector ints) {
            return hashInt(ints.values()[row], seed);
        } else if (column instanceof BooleanVector booleans) {
            return hashInt(booleans.values()[row] ? 1 : 0, seed);
        } else if (column instanceof DoubleVector doubles) {
            double value = doubles.values()[row];
            return hashLong(value == 0.0 ? 0 : Double.doubleToLongBits(value), seed);
        } else if (column instanceof FloatVector floats) {
            float value = floats.values()[row];
            return hashInt(value == 0.0f ? 0 : Float.floatToIntBits(value), seed);
        } else if (column instanceof DecimalVector decimals) {
            if (decimals.decimalType().fitsLong()) {
                return hashLong(decimals.longs()[row], seed);
            }
            byte[] unscaled = decimals.unscaled(row).toByteArray();
            return hashBytes(unscaled, 0, unscaled.length, seed);
        }
        return hashNested(column, row, seed);
    }

    private static long hashNested(ColumnVector column, int row, long seed) {
        long hash = seed;
        if (column instanceof StructVector struct) {
            for (ColumnVector child : struct.children()) {
                hash = hash(child, row, hash);
            }
        } else if (column instanceof ArrayVector array) {
            int start = array.starts()[row];
            for (int i = start; i < start + array.lengths()[row]; i++) {
                hash = hash(array.elements(), i, hash);
            }
        } else if (column instanceof MapVector map) {
            int start = map.starts()[row];
            for (int i = start; i < start + map.lengths()[row]; i++) {
                hash = hash(map.entryValues(), i, hash(map.keys(), i, hash));
            }
        } else {
            throw new IllegalStateException(
                    "unknown layout " + column.getClass().getName());
        }
        return hash;
    }

    static long hashInt(int value, long seed) {
        long hash = (seed + PRIME_5 + 4) ^ (value & 0xFFFFFFFFL) * PRIME_1;
        return finish(Long.rotateLeft(hash, 23) * PRIME_2 + PRIME_3);
    }

    static long hashLong(long value, long seed) {
        long hash = (seed + PRIME_5 + 8) ^ round(0, value);
        return finish(Long.rotateLeft(hash, 27) * PRIME_1 + PRIME_4);
    }

    static long hashBytes(byte[] data, int start, int length, long seed) {
        int at = start;
        int end = start + length;
        long hash;
        if (length >= 32) {
            long a = seed + PRIME_1 + PRIME_2;
            long b = seed + PRIME_2;
            long c = seed;
            long d = seed - PRIME_1;
            for (; at <= end - 32; at += 32) {
                a = round(a, (long) LONGS.get(data, at));
                b = round(b, (long) LONGS.get(data, at + 8));
                c = round(c, (long) LONGS.get(data, at + 16));
                d = round(d, (long) LONGS.get(data, at + 24));
            }
            hash = Long.rotateLeft(a, 1) + Long.rotateLeft(b, 7) + Long.rotateLeft(c, 12) + Long.rotateLeft(d, 18);
            hash = join(join(join(join(hash, a), b), c), d);
        } else {
            hash = seed + PRIME_5;
        }
        hash += length;
        for (; at <= end - 8; at += 8) {
            hash = Long.rotateLeft(hash ^ round(0, (long) LONGS.get(data, at)), 27) * PRIME_1 + PRIME_4;
        }
        if (at <= end - 4) {
            hash = Long.rotateLeft(hash ^ ((int) INTS.get(data, at) & 0xFFFFFFFFL) * PRIME_1, 23) * PRIME_2 + PRIME_3;
            at += 4;
        }
        for (; at < end; at++) {
            hash = Long.rotateLeft(hash ^ (data[at] & 0xFFL) * PRIME_5, 11) * PRIME_1;
        }
        return finish(hash);
    }

    private static long round(long lane, long word) {
        return Long.rotateLeft(lane + word * PRIME_2, 31) * PRIME_1;
    }

    private static long join(long hash, long lane) {
        return (hash ^ round(0, lane)) * PRIME_1 + PRIME_4;
    }

    private static long finish(long value) {
        long hash = value;
        hash ^= hash >>> 33;
        hash *= PRIME_2;
        hash ^= hash >>> 29;
        hash *= PRIME_3;
        return hash ^ (hash >>> 32);
    }
}
