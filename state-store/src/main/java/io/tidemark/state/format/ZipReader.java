package io.tidemark.state.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads a ZIP that is whole in memory, by its central directory: an archive that was cut has none, which reading from the
 * front would not notice. Every entry must match its local header, its length and its CRC-32.
 */
final class ZipReader {
    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int LOCAL_LENGTH = 30;
    private static final int CENTRAL_LENGTH = 46;
    private static final int END_LENGTH = 22;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int MOST_ENTRIES = 1000;
    private static final long LARGEST_RATIO = 100; // of the whole archive: the text in it does not shrink further
    private static final long ALWAYS_ALLOWED = 1L << 20; // so that a few zeros in a small archive are no bomb
    private static final long LARGEST_CONTENT = 1L << 30;
    private static final int UNIX = 3;
    private static final int FILE_TYPE = 0170000;
    private static final int SYMBOLIC_LINK = 0120000;

    private final String file;
    private final byte[] content;
    private long unpacked;

    ZipReader(String file, byte[] content) {
        this.file = file;
        this.content = content;
    }

    SortedMap<String, byte[]> read() {
        int end = content.length - END_LENGTH;
        while (end >= 0 && (int4(end) != END || end + END_LENGTH + int2(end + 20) != content.length)) {
            end--;
        }
        if (end < 0) {
            throw StateFileException.corruptAt(file, content.length, "the end of a ZIP archive is missing");
        }
        int entries = int2(end + 10);
        if (entries == 0xffff) {
            throw StateFileException.unsupported(file, "it is a ZIP64 archive", "No snapshot needs one.");
        }
        if (entries > MOST_ENTRIES) {
            throw StateFileException.corruptAt(file, end, "it claims to hold " + entries + " entries");
        }
        int at = int4(end + 16);
        SortedMap<String, byte[]> files = new TreeMap<>();
        for (int i = 0; i < entries; i++) {
            at = entry(at, end, files);
        }
        if (at != end) {
            throw StateFileException.corruptAt(file, at, "the directory of the ZIP archive has another length");
        }
        return files;
    }

    /** Reads the entry whose line in the directory begins at {@code at}; returns where the next begins. */
    private int entry(int at, int end, SortedMap<String, byte[]> files) {
        if (at < 0 || at > end - CENTRAL_LENGTH || int4(at) != CENTRAL) {
            throw StateFileException.corruptAt(file, at, "no entry of the ZIP archive's directory begins");
        }
        int nameLength = int2(at + 28);
        int next = at + CENTRAL_LENGTH + nameLength + int2(at + 30) + int2(at + 32);
        if (next > end) {
            throw StateFileException.corruptAt(file, at, "an entry of the ZIP archive's directory is too long");
        }
        String path = new String(content, at + CENTRAL_LENGTH, nameLength, UTF_8);
        int local = int4(at + 42);
        if (local < 0 || local > at - LOCAL_LENGTH || int4(local) != LOCAL) {
            throw StateFileException.corruptAt(file, local, "an entry of the ZIP archive does not begin");
        }
        int start = local + LOCAL_LENGTH + int2(local + 26) + int2(local + 28);
        long packedLength = int4(at + 20) & 0xffffffffL;
        if (int2(local + 26) != nameLength
                || start + packedLength > content.length
                || !path.equals(new String(content, local + LOCAL_LENGTH, nameLength, UTF_8))) {
            throw StateFileException.corruptAt(file, local, "an entry of the ZIP archive is not the one listed");
        }
        if (!SnapshotArchive.isEntryName(path) || isSymbolicLink(at)) {
            throw StateFileException.corruptAt(
                    file, local, "an entry of the ZIP archive has an impossible name or kind");
        }
        if (files.put(path, unpack(at, start, (int) packedLength)) != null) {
            throw StateFileException.corruptAt(file, local, "the entry '" + path + "' stands twice in it");
        }
        return next;
    }

    private byte[] unpack(int at, int start, int packedLength) {
        int method = int2(at + 10);
        long length = int4(at + 24) & 0xffffffffL;
        unpacked += length;
        if (unpacked > Math.min(LARGEST_CONTENT, Math.max(ALWAYS_ALLOWED, LARGEST_RATIO * content.length))) {
            throw StateFileException.corruptAt(file, at, "an entry claims to unpack to " + length + " bytes");
        }
        byte[] target = new byte[(int) length];
        if (method == STORED && packedLength == length) {
            System.arraycopy(content, start, target, 0, target.length);
        } else if (method != DEFLATED || !inflate(start, packedLength, target)) {
            throw StateFileException.corruptAt(file, start, "an entry of the ZIP archive does not unpack");
        }
        CRC32 crc = new CRC32();
        crc.update(target);
        if ((int) crc.getValue() != int4(at + 16)) {
            throw StateFileException.corruptAt(file, start, "an entry of the ZIP archive does not match its checksum");
        }
        return target;
    }

    private boolean inflate(int start, int packedLength, byte[] target) {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(content, start, packedLength);
            int made = 0;
            while (made < target.length) {
                int step = inflater.inflate(target, made, target.length - made);
                if (step == 0) {
                    return false;
                }
                made += step;
            }
            return inflater.finished() || (inflater.inflate(new byte[1]) == 0 && inflater.finished());
        } catch (DataFormatException e) {
            return false;
        } finally {
            inflater.end();
        }
    }

    private boolean isSymbolicLink(int at) {
        return content[at + 5] == UNIX && (int2(at + 40) & FILE_TYPE) == SYMBOLIC_LINK;
    }

    private int int2(int at) {
        return (content[at] & 0xff) | (content[at + 1] & 0xff) << 8;
    }

    private int int4(int at) {
        return int2(at) | int2(at + 2) << 16;
    }
}
