package io.tidemark.state.format;

import com.github.luben.zstd.ZstdOutputStream;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.SortedMap;

/**
 * How changelogs, deltas and their snapshots are compressed as a whole. The query's conf says what is written; a file
 * says by its first bytes what it is, so a store whose conf was changed still reads.
 */
public enum StateCompression {
    /** Blocks of lz4-java, 32 KiB raw each, with a checksum of their own. */
    LZ4,
    /** One zstd frame of level 1. Ours carries a checksum, which Spark's reader verifies and Spark's writer omits. */
    ZSTD;

    /** Spark's conf for it. */
    public static final String CONF = "spark.sql.streaming.stateStore.compression.codec";

    static final int BLOCK_BYTES = 32 << 10;

    private static final int ZSTD_LEVEL = 1;
    private static final byte[] ZSTD_MAGIC = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
    private static final byte[] SNAPPY_MAGIC = {(byte) 0x82, 'S', 'N', 'A', 'P', 'P', 'Y', 0};
    private static final byte[] LZF_MAGIC = {'Z', 'V'};

    /**
     * Returns what {@code conf} asks for, lz4 if nothing.
     *
     * @throws TidemarkException {@code STATE_FORMAT_UNSUPPORTED} for snappy, lzf and anything unknown
     */
    public static StateCompression of(SortedMap<String, String> conf) {
        String name = conf.getOrDefault(CONF, "lz4");
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "lz4", "org.apache.spark.io.lz4compressioncodec" -> LZ4;
            case "zstd", "org.apache.spark.io.zstdcompressioncodec" -> ZSTD;
            default ->
                throw new TidemarkException(
                        ErrorCode.STATE_FORMAT_UNSUPPORTED,
                        "Cannot use " + CONF + "=" + name
                                + ": state compressed so is neither read nor written. Use lz4 or zstd.");
        };
    }

    /** Returns a stream whose {@code close} ends the compressed form and leaves {@code out} open. */
    OutputStream compress(OutputStream out) throws IOException {
        return this == LZ4
                ? new Lz4BlockOutput(out)
                : new ZstdOutputStream(new KeptOpen(out), ZSTD_LEVEL).setChecksum(true);
    }

    /**
     * Returns the decompressed content of a file, block by block.
     *
     * @throws StateFileException if the first bytes are those of no codec that is read
     */
    static RawBytes open(String file, byte[] content) {
        if (startsWith(content, Lz4Blocks.MAGIC)) {
            return new Lz4Blocks(file, content);
        } else if (startsWith(content, ZSTD_MAGIC)) {
            return new ZstdBytes(file, content);
        } else if (startsWith(content, SNAPPY_MAGIC) || startsWith(content, LZF_MAGIC)) {
            throw StateFileException.unsupported(
                    file,
                    "it is compressed with " + (startsWith(content, LZF_MAGIC) ? "lzf" : "snappy"),
                    "Only lz4 and zstd are read; let Spark run the query with one of them until it has written a"
                            + " snapshot.");
        }
        throw StateFileException.corruptAt(file, 0, "the mark of a compressed file is missing");
    }

    private static boolean startsWith(byte[] content, byte[] magic) {
        for (int i = 0; i < magic.length; i++) {
            if (i >= content.length || content[i] != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private static final class KeptOpen extends FilterOutputStream {
        KeptOpen(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] data, int offset, int length) throws IOException {
            out.write(data, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
