package io.tidemark.connectors.delta.parquet;

import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.ColumnVector;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** BOOLEAN: one bit a value, never a dictionary. */
final class BooleanChunkEncoder extends ColumnChunkEncoder {
    private byte[] bits = new byte[0];
    private int count;
    private boolean chunkSawFalse;
    private boolean chunkSawTrue;
    private boolean fileSawFalse;
    private boolean fileSawTrue;

    BooleanChunkEncoder(ParquetSchema.Node leaf, Compression compression) {
        super(leaf, compression, false);
    }

    @Override
    void appendValues(ColumnVector values, int @Nullable [] positions, int more) {
        boolean[] from = ((BooleanVector) values).values();
        int bytes = (count + more + Byte.SIZE - 1) / Byte.SIZE;
        if (bytes > bits.length) {
            bits = Arrays.copyOf(bits, Math.max(bytes, bits.length * 2));
        }
        for (int i = 0; i < more; i++) {
            boolean value = from[positions == null ? i : positions[i]];
            if (value) {
                bits[count >> 3] |= (byte) (1 << (count & 7));
            }
            count++;
            chunkSawTrue |= value;
            chunkSawFalse |= !value;
        }
    }

    @Override
    int pageBytes() {
        return count / Byte.SIZE;
    }

    @Override
    void plainValues(ByteSink out) {
        out.putBytes(bits, 0, (count + Byte.SIZE - 1) / Byte.SIZE);
    }

    @Override
    void clearPlainValues() {
        Arrays.fill(bits, (byte) 0);
        count = 0;
    }

    @Override
    void idsToPlain() {}

    @Override
    long plainBytesOfIds() {
        return 0;
    }

    @Override
    int dictionarySize() {
        return 0;
    }

    @Override
    int dictionaryBytes() {
        return 0;
    }

    @Override
    void dictionaryValues(ByteSink out) {}

    @Override
    void resetChunkValues() {
        fileSawFalse |= chunkSawFalse;
        fileSawTrue |= chunkSawTrue;
        chunkSawFalse = false;
        chunkSawTrue = false;
    }

    @Override
    byte @Nullable [] chunkMin() {
        return (chunkSawFalse || chunkSawTrue) ? new byte[] {(byte) (chunkSawFalse ? 0 : 1)} : null;
    }

    @Override
    byte @Nullable [] chunkMax() {
        return (chunkSawFalse || chunkSawTrue) ? new byte[] {(byte) (chunkSawTrue ? 1 : 0)} : null;
    }

    @Override
    @Nullable
    Object fileMin() {
        return (fileSawFalse || fileSawTrue) ? !fileSawFalse : null;
    }

    @Override
    @Nullable
    Object fileMax() {
        return (fileSawFalse || fileSawTrue) ? fileSawTrue : null;
    }
}
