package io.tidemark.connectors.delta.parquet;

import io.tidemark.api.types.DecimalType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** FIXED_LEN_BYTE_ARRAY: decimals of more than 18 digits as big-endian two's complement, never a dictionary. */
final class DecimalChunkEncoder extends ColumnChunkEncoder {
    private final int length;
    private final ByteSink plain = new ByteSink();
    private @Nullable BigInteger chunkMin;
    private @Nullable BigInteger chunkMax;
    private @Nullable BigInteger fileMin;
    private @Nullable BigInteger fileMax;

    DecimalChunkEncoder(ParquetSchema.Node leaf, Compression compression) {
        super(leaf, compression, false);
        this.length = ParquetSchema.fixedLength((DecimalType) leaf.type());
    }

    @Override
    void appendValues(ColumnVector values, int @Nullable [] positions, int count) {
        DecimalVector vector = (DecimalVector) values;
        for (int i = 0; i < count; i++) {
            BigInteger value = vector.unscaled(positions == null ? i : positions[i]);
            plain.putBytes(fixed(value), 0, length);
            chunkMin = chunkMin == null ? value : chunkMin.min(value);
            chunkMax = chunkMax == null ? value : chunkMax.max(value);
        }
    }

    private byte[] fixed(BigInteger value) {
        byte[] shortest = value.toByteArray();
        byte[] bytes = new byte[length];
        int pad = length - shortest.length;
        for (int i = 0; i < pad; i++) {
            bytes[i] = (byte) (value.signum() < 0 ? -1 : 0);
        }
        System.arraycopy(shortest, 0, bytes, pad, shortest.length);
        return bytes;
    }

    @Override
    int pageBytes() {
        return plain.size();
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
        if (chunkMin != null && chunkMax != null) {
            fileMin = fileMin == null ? chunkMin : fileMin.min(chunkMin);
            fileMax = fileMax == null ? chunkMax : fileMax.max(chunkMax);
        }
        chunkMin = null;
        chunkMax = null;
    }

    @Override
    byte @Nullable [] chunkMin() {
        return chunkMin == null ? null : fixed(chunkMin);
    }

    @Override
    byte @Nullable [] chunkMax() {
        return chunkMax == null ? null : fixed(chunkMax);
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
