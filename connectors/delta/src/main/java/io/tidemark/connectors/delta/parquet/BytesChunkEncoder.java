package io.tidemark.connectors.delta.parquet;

import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnVector;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** BYTE_ARRAY: strings and binaries, ordered by unsigned bytes. */
final class BytesChunkEncoder extends ColumnChunkEncoder {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int TABLE_START = 256;

    private final ByteSink plain = new ByteSink();

    /** The distinct values one behind the other; value {@code i} ends at {@code dictionaryEnds[i]}. */
    private final ByteSink dictionary = new ByteSink();

    private int[] dictionaryEnds = new int[TABLE_START / 2];
    private int[] dictionaryHashes = new int[TABLE_START / 2];
    private int dictionarySize;
    private int[] table = new int[TABLE_START];
    private long bytesOfIds;

    private byte @Nullable [] chunkMin;
    private byte @Nullable [] chunkMax;
    private byte @Nullable [] fileMin;
    private byte @Nullable [] fileMax;

    BytesChunkEncoder(ParquetSchema.Node leaf, Compression compression) {
        super(leaf, compression, true);
    }

    @Override
    void appendValues(ColumnVector values, int @Nullable [] positions, int count) {
        BytesVector vector = (BytesVector) values;
        byte[] data = vector.data();
        int[] starts = vector.starts();
        int[] lengths = vector.lengths();
        if (dictionaryOn) {
            ids = roomFor(ids, idCount + count);
            for (int i = 0; i < count; i++) {
                int row = positions == null ? i : positions[i];
                ids[idCount + i] = idOf(data, starts[row], lengths[row]);
                bytesOfIds += Integer.BYTES + lengths[row];
            }
            idCount += count;
        } else {
            for (int i = 0; i < count; i++) {
                int row = positions == null ? i : positions[i];
                plain.putPrefixed(data, starts[row], lengths[row]);
                bound(data, starts[row], lengths[row]);
            }
        }
    }

    private void bound(byte[] data, int start, int length) {
        if (chunkMin == null || chunkMax == null) {
            chunkMin = Arrays.copyOfRange(data, start, start + length);
            chunkMax = chunkMin;
        } else if (Arrays.compareUnsigned(data, start, start + length, chunkMin, 0, chunkMin.length) < 0) {
            chunkMin = Arrays.copyOfRange(data, start, start + length);
        } else if (Arrays.compareUnsigned(data, start, start + length, chunkMax, 0, chunkMax.length) > 0) {
            chunkMax = Arrays.copyOfRange(data, start, start + length);
        }
    }

    private int idOf(byte[] data, int start, int length) {
        int hash = hash(data, start, length);
        int mask = table.length - 1;
        int at = hash & mask;
        while (true) {
            int id = table[at] - 1;
            if (id < 0) {
                return newId(data, start, length, hash, at);
            }
            if (dictionaryHashes[id] == hash) {
                int from = startOf(id);
                if (Arrays.equals(dictionary.array(), from, dictionaryEnds[id], data, start, start + length)) {
                    return id;
                }
            }
            at = (at + 1) & mask;
        }
    }

    private int startOf(int id) {
        return id == 0 ? 0 : dictionaryEnds[id - 1];
    }

    private int newId(byte[] data, int start, int length, int hash, int at) {
        bound(data, start, length);
        dictionary.putBytes(data, start, length);
        int id = dictionarySize++;
        dictionaryEnds[id] = dictionary.size();
        dictionaryHashes[id] = hash;
        table[at] = id + 1;
        if (dictionarySize == dictionaryEnds.length) {
            dictionaryEnds = Arrays.copyOf(dictionaryEnds, dictionarySize * 2);
            dictionaryHashes = Arrays.copyOf(dictionaryHashes, dictionarySize * 2);
            table = new int[table.length * 2];
            int mask = table.length - 1;
            for (int i = 0; i < dictionarySize; i++) {
                int slot = dictionaryHashes[i] & mask;
                while (table[slot] != 0) {
                    slot = (slot + 1) & mask;
                }
                table[slot] = i + 1;
            }
        }
        return id;
    }

    private static int hash(byte[] data, int start, int length) {
        long hash = length;
        int i = start;
        int end = start + length;
        for (; i + Long.BYTES <= end; i += Long.BYTES) {
            hash = (hash ^ (long) LONGS.get(data, i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        long rest = 0;
        for (; i < end; i++) {
            rest = (rest << Byte.SIZE) | (data[i] & 0xFF);
        }
        hash = (hash ^ rest) * 0xBF58476D1CE4E5B9L;
        return (int) (hash ^ (hash >>> 32));
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
        bytesOfIds = 0;
    }

    @Override
    void idsToPlain() {
        for (int i = 0; i < idCount; i++) {
            int from = startOf(ids[i]);
            plain.putPrefixed(dictionary.array(), from, dictionaryEnds[ids[i]] - from);
        }
        idCount = 0;
        bytesOfIds = 0;
    }

    @Override
    long plainBytesOfIds() {
        return bytesOfIds;
    }

    @Override
    int dictionarySize() {
        return dictionarySize;
    }

    @Override
    int dictionaryBytes() {
        return dictionary.size() + dictionarySize * Integer.BYTES;
    }

    @Override
    void dictionaryValues(ByteSink out) {
        for (int i = 0; i < dictionarySize; i++) {
            int from = startOf(i);
            out.putPrefixed(dictionary.array(), from, dictionaryEnds[i] - from);
        }
    }

    @Override
    void resetChunkValues() {
        byte[] min = chunkMin;
        byte[] max = chunkMax;
        if (min != null && (fileMin == null || Arrays.compareUnsigned(min, fileMin) < 0)) {
            fileMin = min;
        }
        if (max != null && (fileMax == null || Arrays.compareUnsigned(max, fileMax) > 0)) {
            fileMax = max;
        }
        chunkMin = null;
        chunkMax = null;
        dictionary.clear();
        dictionarySize = 0;
        Arrays.fill(table, 0);
    }

    @Override
    byte @Nullable [] chunkMin() {
        return chunkMin;
    }

    @Override
    byte @Nullable [] chunkMax() {
        return chunkMax;
    }

    @Override
    @Nullable
    Object fileMin() {
        return fileMin;
    }

    @Override
    @Nullable
    Object fileMax() {
        return fileMax;
    }
}
