package io.tidemark.connectors.delta.parquet;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.FloatVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.format.Type;
import org.jspecify.annotations.Nullable;

/** INT32, INT64, FLOAT and DOUBLE, all held as the bits of a long. */
final class NumberChunkEncoder extends ColumnChunkEncoder {
    private static final int TABLE_START = 256;

    private final boolean wide;
    private final boolean floating;
    private long[] scratch = new long[0];
    private final ByteSink plain = new ByteSink();

    private long[] dictionary = new long[TABLE_START / 2];
    private int dictionarySize;
    private int[] table = new int[TABLE_START];

    private boolean chunkHasBounds;
    private boolean fileHasBounds;
    private long chunkMin;
    private long chunkMax;
    private long fileMin;
    private long fileMax;
    private boolean sawNan;

    NumberChunkEncoder(ParquetSchema.Node leaf, Compression compression) {
        super(leaf, compression, true);
        Type type = ParquetSchema.physicalType(leaf.type());
        this.wide = type == Type.INT64 || type == Type.DOUBLE;
        this.floating = type == Type.FLOAT || type == Type.DOUBLE;
    }

    @Override
    void appendValues(ColumnVector values, int @Nullable [] positions, int count) {
        if (scratch.length < count) {
            scratch = new long[count];
        }
        gather(values, positions, count);
        if (floating) {
            boundFloating(count);
        } else {
            bound(count);
        }
        if (dictionaryOn) {
            ids = roomFor(ids, idCount + count);
            for (int i = 0; i < count; i++) {
                ids[idCount + i] = idOf(scratch[i]);
            }
            idCount += count;
        } else {
            putPlain(scratch, count);
        }
    }

    private void gather(ColumnVector values, int @Nullable [] positions, int count) {
        if (values instanceof LongVector vector) {
            copy(vector.values(), positions, count);
        } else if (values instanceof DecimalVector vector) {
            copy(vector.longs(), positions, count);
        } else if (values instanceof IntVector vector) {
            int[] from = vector.values();
            for (int i = 0; i < count; i++) {
                scratch[i] = from[positions == null ? i : positions[i]];
            }
        } else if (values instanceof DoubleVector vector) {
            double[] from = vector.values();
            for (int i = 0; i < count; i++) {
                scratch[i] = Double.doubleToRawLongBits(from[positions == null ? i : positions[i]]);
            }
        } else {
            float[] from = ((FloatVector) values).values();
            for (int i = 0; i < count; i++) {
                scratch[i] = Float.floatToRawIntBits(from[positions == null ? i : positions[i]]);
            }
        }
    }

    private void copy(long[] from, int @Nullable [] positions, int count) {
        if (positions == null) {
            System.arraycopy(from, 0, scratch, 0, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            scratch[i] = from[positions[i]];
        }
    }

    private void bound(int count) {
        long min = chunkHasBounds ? chunkMin : Long.MAX_VALUE;
        long max = chunkHasBounds ? chunkMax : Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            min = Math.min(min, scratch[i]);
            max = Math.max(max, scratch[i]);
        }
        chunkMin = min;
        chunkMax = max;
        chunkHasBounds = true;
    }

    private void boundFloating(int count) {
        double min = chunkHasBounds ? asDouble(chunkMin) : Double.POSITIVE_INFINITY;
        double max = chunkHasBounds ? asDouble(chunkMax) : Double.NEGATIVE_INFINITY;
        boolean nan = false;
        for (int i = 0; i < count; i++) {
            double value = asDouble(scratch[i]);
            nan |= Double.isNaN(value);
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        sawNan |= nan;
        // Zero has two signs: the least must cover both, and so must the greatest.
        chunkMin = asBits(min == 0 ? -0.0 : min);
        chunkMax = asBits(max == 0 ? 0.0 : max);
        chunkHasBounds = true;
    }

    private double asDouble(long bits) {
        return wide ? Double.longBitsToDouble(bits) : Float.intBitsToFloat((int) bits);
    }

    private long asBits(double value) {
        return wide ? Double.doubleToRawLongBits(value) : Float.floatToRawIntBits((float) value);
    }

    private int idOf(long value) {
        int mask = table.length - 1;
        int at = hash(value) & mask;
        while (true) {
            int id = table[at] - 1;
            if (id < 0) {
                return newId(value, at);
            }
            if (dictionary[id] == value) {
                return id;
            }
            at = (at + 1) & mask;
        }
    }

    private int newId(long value, int at) {
        int id = dictionarySize++;
        dictionary[id] = value;
        table[at] = id + 1;
        if (dictionarySize == dictionary.length) {
            dictionary = Arrays.copyOf(dictionary, dictionary.length * 2);
            table = new int[table.length * 2];
            int mask = table.length - 1;
            for (int i = 0; i < dictionarySize; i++) {
                int slot = hash(dictionary[i]) & mask;
                while (table[slot] != 0) {
                    slot = (slot + 1) & mask;
                }
                table[slot] = i + 1;
            }
        }
        return id;
    }

    private static int hash(long value) {
        long mixed = value * 0x9E3779B97F4A7C15L;
        return (int) (mixed ^ (mixed >>> 32));
    }

    private void putPlain(long[] values, int count) {
        plain.reserve(count * width());
        if (wide) {
            for (int i = 0; i < count; i++) {
                plain.putLongReserved(values[i]);
            }
        } else {
            for (int i = 0; i < count; i++) {
                plain.putIntReserved((int) values[i]);
            }
        }
    }

    private int width() {
        return wide ? Long.BYTES : Integer.BYTES;
    }

    @Override
    int pageBytes() {
        return plain.size() + idCount * Short.BYTES;
    }

    @Override
    void plainValues(ByteSink out) {
        out.putBytes(plain.array(), 0, plain.size());
    }

    @Override
    void clearPlainValues() {
        plain.clear();
    }

    @Override
    void idsToPlain() {
        long[] values = new long[idCount];
        for (int i = 0; i < idCount; i++) {
            values[i] = dictionary[ids[i]];
        }
        putPlain(values, idCount);
        idCount = 0;
    }

    @Override
    long plainBytesOfIds() {
        return (long) idCount * width();
    }

    @Override
    int dictionarySize() {
        return dictionarySize;
    }

    @Override
    int dictionaryBytes() {
        return dictionarySize * width();
    }

    @Override
    void dictionaryValues(ByteSink out) {
        out.reserve(dictionaryBytes());
        for (int i = 0; i < dictionarySize; i++) {
            if (wide) {
                out.putLongReserved(dictionary[i]);
            } else {
                out.putIntReserved((int) dictionary[i]);
            }
        }
    }

    @Override
    void resetChunkValues() {
        if (chunkHasBounds) {
            if (!fileHasBounds) {
                fileMin = chunkMin;
                fileMax = chunkMax;
            } else if (floating) {
                fileMin = asBits(Math.min(asDouble(fileMin), asDouble(chunkMin)));
                fileMax = asBits(Math.max(asDouble(fileMax), asDouble(chunkMax)));
            } else {
                fileMin = Math.min(fileMin, chunkMin);
                fileMax = Math.max(fileMax, chunkMax);
            }
            fileHasBounds = true;
        }
        chunkHasBounds = false;
        dictionarySize = 0;
        Arrays.fill(table, 0);
    }

    @Override
    byte @Nullable [] chunkMin() {
        return chunkHasBounds && !sawNan ? littleEndian(chunkMin) : null;
    }

    @Override
    byte @Nullable [] chunkMax() {
        return chunkHasBounds && !sawNan ? littleEndian(chunkMax) : null;
    }

    private byte[] littleEndian(long bits) {
        ByteBuffer buffer = ByteBuffer.allocate(width()).order(ByteOrder.LITTLE_ENDIAN);
        return (wide ? buffer.putLong(bits) : buffer.putInt((int) bits)).array();
    }

    @Override
    @Nullable
    Object fileMin() {
        return bound(fileMin);
    }

    @Override
    @Nullable
    Object fileMax() {
        return bound(fileMax);
    }

    private @Nullable Object bound(long bits) {
        if (!fileHasBounds || sawNan) {
            return null;
        }
        if (floating) {
            return leaf.type() == AtomicType.FLOAT ? (Object) (float) asDouble(bits) : (Object) asDouble(bits);
        }
        return bits;
    }
}
