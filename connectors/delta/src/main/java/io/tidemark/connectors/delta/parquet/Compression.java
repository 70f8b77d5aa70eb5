package io.tidemark.connectors.delta.parquet;

import com.github.luben.zstd.Zstd;
import io.tidemark.api.connector.Options;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.apache.parquet.format.CompressionCodec;
import org.xerial.snappy.Snappy;

/** How the pages of a file are compressed. */
public enum Compression {
    UNCOMPRESSED(CompressionCodec.UNCOMPRESSED, "") {
        @Override
        byte[] compress(byte[] page, int length) {
            return Arrays.copyOf(page, length);
        }
    },
    SNAPPY(CompressionCodec.SNAPPY, ".snappy") {
        @Override
        byte[] compress(byte[] page, int length) throws IOException {
            byte[] target = new byte[Snappy.maxCompressedLength(length)];
            int size = Snappy.compress(page, 0, length, target, 0);
            return Arrays.copyOf(target, size);
        }
    },
    ZSTD(CompressionCodec.ZSTD, ".zstd") {
        @Override
        byte[] compress(byte[] page, int length) throws IOException {
            byte[] target = new byte[Math.toIntExact(Zstd.compressBound(length))];
            long size = Zstd.compressByteArray(target, 0, target.length, page, 0, length, ZSTD_LEVEL);
            if (Zstd.isError(size)) {
                throw new IOException("zstd failed: " + Zstd.getErrorName(size));
            }
            return Arrays.copyOf(target, Math.toIntExact(size));
        }
    };

    private static final int ZSTD_LEVEL = 3;

    private final CompressionCodec codec;
    private final String fileSuffix;

    Compression(CompressionCodec codec, String fileSuffix) {
        this.codec = codec;
        this.fileSuffix = fileSuffix;
    }

    /** Returns the codec that users name {@code snappy}, {@code zstd}, {@code uncompressed} or {@code none}. */
    public static Compression of(String option, String text) {
        return switch (text.trim().toLowerCase(Locale.ROOT)) {
            case "snappy" -> SNAPPY;
            case "zstd" -> ZSTD;
            case "uncompressed", "none" -> UNCOMPRESSED;
            default -> throw Options.invalid(option, text, "Use snappy, zstd or uncompressed.");
        };
    }

    /** Returns what stands before {@code .parquet} in file names: {@code .snappy}, or nothing. */
    public String fileSuffix() {
        return fileSuffix;
    }

    CompressionCodec codec() {
        return codec;
    }

    /** Returns the first {@code length} bytes of {@code page}, compressed. */
    abstract byte[] compress(byte[] page, int length) throws IOException;
}
