package io.tidemark.state.format;

import java.io.IOException;
import java.io.OutputStream;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * Writes the block stream that {@link Lz4Blocks} draws, byte for byte as lz4-java's own stream, whose checksum costs more
 * than the compression because it is made for data in pieces. Each call of {@link #write(byte[], int, int)} makes one
 * block, so the caller sees to it that blocks are full.
 */
final class Lz4BlockOutput extends OutputStream {
    private static final int LEVEL = Integer.numberOfTrailingZeros(StateCompression.BLOCK_BYTES) - 10;
    private static final LZ4Compressor LZ4 = LZ4Factory.fastestInstance().fastCompressor();
    private static final XXHash32 XXHASH = XXHashFactory.fastestInstance().hash32();

    private final OutputStream out;
    private final byte[] block = new byte[Lz4Blocks.HEADER + LZ4.maxCompressedLength(StateCompression.BLOCK_BYTES)];

    Lz4BlockOutput(OutputStream out) {
        this.out = out;
        System.arraycopy(Lz4Blocks.MAGIC, 0, block, 0, Lz4Blocks.MAGIC.length);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
        if (length == 0) {
            return;
        } else if (length > StateCompression.BLOCK_BYTES) {
            throw new IllegalArgumentException("a block of " + length + " bytes");
        }
        int check = XXHASH.hash(data, offset, length, Lz4Blocks.SEED) & Lz4Blocks.CHECK_MASK;
        int compressed = LZ4.compress(data, offset, length, block, Lz4Blocks.HEADER);
        if (compressed < length) {
            header(Lz4Blocks.COMPRESSED, compressed, length, check);
        } else {
            compressed = length;
            System.arraycopy(data, offset, block, Lz4Blocks.HEADER, length);
            header(Lz4Blocks.STORED, length, length, check);
        }
        out.write(block, 0, Lz4Blocks.HEADER + compressed);
    }

    private void header(int method, int compressedLength, int rawLength, int check) {
        block[8] = (byte) (method | LEVEL);
        intAt(9, compressedLength);
        intAt(13, rawLength);
        intAt(17, check);
    }

    private void intAt(int at, int value) {
        for (int i = 0; i < 4; i++) {
            block[at + i] = (byte) (value >>> (8 * i));
        }
    }

    /** Writes the block that ends the stream and leaves {@code out} open. */
    @Override
    public void close() throws IOException {
        header(Lz4Blocks.STORED, 0, 0, 0);
        out.write(block, 0, Lz4Blocks.HEADER);
        out.flush();
    }
}
