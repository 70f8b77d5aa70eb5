package io.tidemark.state.format;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Reads a changelog of any of the four formats, which the file names itself, record by record. {@code while (it.next())
 * {...}}; the bytes of a record are ranges of {@link #data} that hold until the next call. One thread.
 *
 * <p>A file counts only whole: an error at any record means that nothing of it may be kept. Errors are {@link
 * StateFileException}s that name the file and the byte of its decompressed content.
 */
public final class ChangelogReader implements AutoCloseable {
    // A record is held in memory whole, and zstd makes gigabytes of zeros from a small file: what a longer record than
    // these needs is no state. No record in LZ4 comes near.
    private static final long ALWAYS_ALLOWED = 16L << 20;
    private static final long LARGEST_RATIO = 1000;

    private final String file;
    private final RawBytes source;
    private final long longestRecord;
    private ChangelogFormat format = ChangelogFormat.V1;
    private List<LineageEntry> lineage = List.of();

    private byte[] data;
    private int position;
    private int limit;
    private long dropped; // bytes before data[0]

    private Change change = Change.PUT;
    private int keyStart;
    private int keyLength;
    private int valueStart;
    private int valueLength;
    private long records;
    private boolean ended;

    private ChangelogReader(String file, byte[] content) {
        this.file = file;
        this.source = StateCompression.open(file, content);
        this.longestRecord = Math.max(ALWAYS_ALLOWED, LARGEST_RATIO * content.length);
        this.data = new byte[Math.max(2 * source.nextLength(), 1 << 10)];
    }

    /**
     * Begins to read a changelog.
     *
     * @param file its name for errors
     * @param content of the whole file, as stored
     */
    public static ChangelogReader open(String file, byte[] content) {
        ChangelogReader reader = new ChangelogReader(file, content);
        reader.readHeader();
        return reader;
    }

    /** Begins to read a delta or a snapshot of the in-memory provider: format 1, whatever its first bytes look like. */
    public static ChangelogReader openDelta(String file, byte[] content) {
        return new ChangelogReader(file, content);
    }

    public ChangelogFormat format() {
        return format;
    }

    /** Returns the versions it stands on, ascending; empty in formats 1 and 2. */
    public List<LineageEntry> lineage() {
        return lineage;
    }

    /** Moves to the next record; false at the end, once all of the file is proved sound. */
    public boolean next() {
        if (ended) {
            return false;
        }
        if (format.typed() ? !typed() : !plain()) {
            if (has(1)) {
                throw corrupt("something stands after its end");
            }
            ended = true;
            return false;
        }
        records++;
        return true;
    }

    /** Reads what is left: once this returns, all of the file is proved sound. */
    public void readToEnd() {
        boolean more = next();
        while (more) {
            more = next();
        }
    }

    /** Returns what the record does. */
    public Change change() {
        return change;
    }

    /** Returns the array of the record's key and value. Read only; another call of {@link #next} overwrites it. */
    public byte[] data() {
        return data;
    }

    public int keyStart() {
        return keyStart;
    }

    public int keyLength() {
        return keyLength;
    }

    public int valueStart() {
        return valueStart;
    }

    /** Returns the length of the value in bytes; -1 for a removal. */
    public int valueLength() {
        return valueLength;
    }

    public byte[] copyKey() {
        return Arrays.copyOfRange(data, keyStart, keyStart + keyLength);
    }

    public byte[] copyValue() {
        return Arrays.copyOfRange(data, valueStart, valueStart + valueLength);
    }

    /** Returns how many records were read. */
    public long records() {
        return records;
    }

    @Override
    public void close() {
        source.close();
    }

    private boolean plain() {
        int length = intAt(0);
        if (length == -1) {
            position += 4;
            return false;
        } else if (length < 0) {
            throw corrupt("the length of a key is " + length);
        }
        body(0, length);
        change = valueLength < 0 ? Change.REMOVE : Change.PUT;
        valueLength = Math.max(valueLength, -1);
        return true;
    }

    private boolean typed() {
        require(1);
        byte type = data[position];
        switch (type) {
            case 0:
                position++;
                return false;
            case ChangelogWriter.PUT:
                change = Change.PUT;
                break;
            case ChangelogWriter.MERGE:
                change = Change.MERGE;
                break;
            case ChangelogWriter.DELETE:
                change = Change.REMOVE;
                break;
            case ChangelogWriter.DELETE_RANGE:
                throw StateFileException.unsupported(
                        file,
                        "it removes a range of keys, as Spark 4.2 may write",
                        "Let Spark 4.2 run the query until it has written a snapshot of a later version.");
            default:
                throw corrupt("a record is of the unknown type " + (type & 0xff));
        }
        int length = intAt(1);
        if (length < 0) {
            throw corrupt("the length of a key is " + length);
        }
        body(1, length);
        if (valueLength < 0 != (change == Change.REMOVE) || valueLength < -1) {
            throw corrupt("the length of a value is " + valueLength);
        }
        return true;
    }

    /** Takes key and value of the record at {@code position}, whose key's length stands {@code skip} bytes behind. */
    private void body(int skip, int length) {
        int head = skip + 4;
        valueLength = intAt((long) head + length);
        long whole = (long) head + length + 4 + Math.max(0, valueLength);
        require(whole);
        keyStart = position + head;
        keyLength = length;
        valueStart = keyStart + length + 4;
        position += (int) whole;
    }

    private int intAt(long skip) {
        require(skip + 4);
        int at = position + (int) skip;
        return data[at] << 24 | (data[at + 1] & 0xff) << 16 | (data[at + 2] & 0xff) << 8 | (data[at + 3] & 0xff);
    }

    private void require(long bytes) {
        if (!has(bytes)) {
            throw StateFileException.corrupt(
                    file, "its content ends at byte " + (dropped + limit) + ", before its end mark");
        }
    }

    /** Returns whether {@code bytes} bytes stand at {@code position}; reads until they do. */
    private boolean has(long bytes) {
        if (bytes > longestRecord) {
            throw corrupt("a record claims " + bytes + " bytes");
        }
        while (limit - position < bytes) {
            if (!fill()) {
                return false;
            }
        }
        return true;
    }

    private boolean fill() {
        int wanted = source.nextLength();
        if (data.length - limit < wanted) {
            int kept = limit - position;
            byte[] target = data;
            if ((long) kept + wanted > data.length) {
                long size = Math.max((long) kept + wanted, Math.min(2L * data.length, Integer.MAX_VALUE - 16));
                if (size > Integer.MAX_VALUE - 16) {
                    throw corrupt("a record is longer than 2 GiB");
                }
                target = new byte[(int) size];
            }
            System.arraycopy(data, position, target, 0, kept);
            data = target;
            dropped += position;
            position = 0;
            limit = kept;
        }
        int read = source.read(data, limit);
        if (read < 0) {
            return false;
        }
        limit += read;
        return true;
    }

    private void readHeader() {
        String mark = utf(false);
        if (mark.length() < 2
                || mark.charAt(0) != 'v'
                || !mark.substring(1).chars().allMatch(Character::isDigit)) {
            position = 0;
            return;
        }
        format = switch (mark) {
            case "v2" -> ChangelogFormat.V2;
            case "v3" -> ChangelogFormat.V3;
            case "v4" -> ChangelogFormat.V4;
            default ->
                throw StateFileException.unsupported(
                        file,
                        "it is a changelog of version " + mark,
                        "Versions 1 to 4 are read; use a Tidemark that knows this one, or the engine that wrote it.");
        };
        if (format.hasLineage()) {
            lineage = LineageEntry.fromJson(file, utf(true));
        }
    }

    /** Reads a string of {@link java.io.DataOutput#writeUTF}; what is none is empty unless {@code required}. */
    private String utf(boolean required) {
        if (has(2)) {
            int length = (data[position] & 0xff) << 8 | (data[position + 1] & 0xff);
            if (has(2L + length)) {
                try {
                    String text = new DataInputStream(new ByteArrayInputStream(data, position, 2 + length)).readUTF();
                    position += 2 + length;
                    return text;
                } catch (IOException e) {
                    // no string: said below
                }
            }
        }
        if (required) {
            throw corrupt("a text is malformed");
        }
        return "";
    }

    private StateFileException corrupt(String problem) {
        return StateFileException.corrupt(file, "at byte " + (dropped + position) + " of its content " + problem);
    }

    /** What a record does to its key. */
    public enum Change {
        /** The key has this value now. */
        PUT,
        /** The value is appended to what the key has, behind a comma. */
        MERGE,
        /** The key is gone. */
        REMOVE
    }
}
