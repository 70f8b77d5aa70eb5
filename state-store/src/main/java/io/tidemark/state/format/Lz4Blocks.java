package io.tidemark.state.format;

import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * Reads lz4-java's block stream:
 *
 * <pre>
 * block = "LZ4Block" token:u8 compressedLength:i32le rawLength:i32le check:i32le data
 * token = method (0x10 stored, 0x20 lz4) | level; rawLength &lt;= 1 &lt;&lt; (10 + level)
 * check = xxHash32(raw, seed 0x9747b28c) &amp; 0x0fffffff
 * </pre>
 *
 * Blocks without data are skipped; the stream ends with the file, so one may stand anywhere and none has to. All lengths
 * are checked against the file before anything is decompressed.
 */
final class Lz4Blocks implements RawBytes {
    static final int HEADER = 21;
    static final int STORED = 0x10;
    static final int COMPRESSED = 0x20;
    private static final long LARGEST_RATIO = 256; // a byte of LZ4 stands for at most 255
    static final int SEED = 0x9747b28c;
    static final int CHECK_MASK = 0x0fffffff;
    static final byte[] MAGIC = {'L', 'Z', '4', 'B', 'l', 'o', 'c', 'k'};
    private static final LZ4SafeDecompressor LZ4 = LZ4Factory.fastestInstance().safeDecompressor();
    private static final XXHash32 XXHASH = XXHashFactory.fastestInstance().hash32();

    private final String file;
    private final byte[] content;
    private int position;

    private int method;
    private int compressedLength;
    private int rawLength;
    private int check;

    Lz4Blocks(String file, byte[] content) {
        this.file = file;
        this.content = content;
        nextHeader();
    }

    @Override
    public int nextLength() {
        return rawLength;
    }

    @Override
    public int read(byte[] target, int offset) {
        if (rawLength == 0) {
            return -1;
        }
        int length = rawLength;
        if (method == STORED) {
            System.arraycopy(content, position, target, offset, length);
        } else {
            int made;
            try {
                made = LZ4.decompress(content, position, compressedLength, target, offset, length);
            } catch (LZ4Exception e) {
                throw StateFileException.corruptAt(file, position, "a block does not decompress");
            }
            if (made != length) {
                throw StateFileException.corruptAt(
                        file, position, "a block has " + made + " bytes where " + length + " are announced");
            }
        }
        if ((XXHASH.hash(target, offset, length, SEED) & CHECK_MASK) != check) {
            throw StateFileException.corruptAt(file, position, "a block does not match its checksum");
        }
        position += compressedLength;
        nextHeader();
        return length;
    }

    /** Moves to the next block with data; {@code rawLength} is 0 if there is none. */
    private void nextHeader() {
        do {
            if (position == content.length) {
                rawLength = 0;
                return;
            }
            header();
        } while (rawLength == 0);
    }

    private void header() {
        int left = content.length - position;
        for (int i = 0; i < MAGIC.length; i++) {
            if (i >= left || content[position + i] != MAGIC[i]) {
                throw StateFileException.corruptAt(file, position, "no block begins where one should");
            }
        }
        if (left < HEADER) {
            throw StateFileException.corruptAt(file, content.length, "it ends inside the header of a block");
        }
        int token = content[position + 8] & 0xff;
        method = token & 0xf0;
        compressedLength = intAt(position + 9);
        rawLength = intAt(position + 13);
        check = intAt(position + 17);
        boolean sound = (method == STORED || method == COMPRESSED)
                && rawLength >= 0
                && rawLength <= 1 << (10 + (token & 0x0f))
                && compressedLength >= 0
                && rawLength <= LARGEST_RATIO * compressedLength
                && (rawLength == 0) == (compressedLength == 0)
                && (rawLength != 0 || check == 0)
                && (method == COMPRESSED || rawLength == compressedLength);
        if (!sound) {
            throw StateFileException.corruptAt(file, position, "the header of a block makes no sense");
        }
        if (compressedLength > left - HEADER) {
            throw StateFileException.corruptAt(file, content.length, "it ends inside a block");
        }
        position += HEADER;
    }

    private int intAt(int at) {
        return (content[at] & 0xff)
                | (content[at + 1] & 0xff) << 8
                | (content[at + 2] & 0xff) << 16
                | content[at + 3] << 24;
    }

    @Override
    public void close() {}
}
