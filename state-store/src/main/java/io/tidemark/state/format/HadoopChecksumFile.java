package io.tidemark.state.format;

import io.tidemark.api.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The checksum that Hadoop's local file system keeps of a file, in {@code .<name>.crc} beside it: {@code "crc\0"}, i32be
 * 512, then for each 512 bytes their CRC-32, big-endian.
 *
 * <p>Only files that are never replaced, schemas and operator metadata, are held against theirs; any other may have a
 * stale one.
 */
public final class HadoopChecksumFile {
    static final String SUFFIX = ".crc";

    private static final int MAGIC = 0x63726300;
    private static final int CHUNK = 512;

    private HadoopChecksumFile() {}

    /** Returns the path of the checksum of {@code file}. */
    public static String path(String file) {
        int slash = file.lastIndexOf('/') + 1;
        return file.substring(0, slash) + "." + file.substring(slash) + SUFFIX;
    }

    /** Returns the checksum of {@code content}. */
    public static byte[] encode(byte[] content) {
        int chunks = (content.length + CHUNK - 1) / CHUNK;
        ByteBuffer out = ByteBuffer.allocate(8 + 4 * chunks).putInt(MAGIC).putInt(CHUNK);
        CRC32 crc = new CRC32();
        for (int i = 0; i < chunks; i++) {
            crc.reset();
            crc.update(content, i * CHUNK, Math.min(CHUNK, content.length - i * CHUNK));
            out.putInt((int) crc.getValue());
        }
        return out.array();
    }

    /**
     * Reads a file that is never replaced, and holds it against its checksum if there is one of the usual kind.
     *
     * @param root of the checkpoint
     * @param file path below it
     * @return empty if there is no such file
     * @throws StateFileException if it is damaged
     */
    public static Optional<byte[]> read(Storage storage, String root, String file) {
        String reading = file;
        try {
            Optional<byte[]> content = storage.read(root + "/" + file);
            if (content.isPresent()) {
                reading = path(file);
                Optional<byte[]> checksum = storage.read(root + "/" + reading);
                if (checksum.isPresent()) {
                    verify(file, content.get(), checksum.get());
                }
            }
            return content;
        } catch (IOException e) {
            throw StateFileException.storage("read", reading, e);
        }
    }

    private static void verify(String file, byte[] content, byte[] checksum) {
        ByteBuffer found = ByteBuffer.wrap(checksum);
        if (checksum.length < 8 || found.getInt() != MAGIC || found.getInt() != CHUNK) {
            return; // Hadoop knows other kinds
        }
        byte[] wanted = encode(content);
        if (wanted.length != checksum.length) {
            throw StateFileException.corrupt(
                    file, "it has " + content.length + " bytes, which is not the length its checksum file is for");
        }
        for (int at = 8; at < wanted.length; at += 4) {
            if (ByteBuffer.wrap(wanted).getInt(at) != found.getInt(at)) {
                throw StateFileException.corrupt(
                        file,
                        "one of the " + CHUNK + " bytes from byte " + (long) (at - 8) / 4 * CHUNK
                                + " on does not match its checksum file");
            }
        }
    }
}
