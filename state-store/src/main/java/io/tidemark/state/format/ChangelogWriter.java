package io.tidemark.state.format;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Writes a changelog, or the delta or snapshot of the in-memory provider, which are {@link ChangelogFormat#V1} with other
 * keys. Records stand in the order of the calls, none is left out:
 *
 * <pre>
 * V1, V3  record = keyLength:i32be key (valueLength:i32be value | ffffffff)      end = ffffffff
 * V2, V4  record = 01 keyLength key valueLength value | 11 (as 01) | 10 keyLength key ffffffff   end = 00
 * V2 begins with UTF "v2"; V3 with UTF "v3", UTF lineage; V4 with UTF "v4", UTF lineage
 * </pre>
 *
 * The whole is compressed. Lengths are big-endian; {@code UTF} is that of {@link java.io.DataOutput}. One thread; the
 * stream it writes to stays open. Storage's failures pass as {@link IOException}.
 */
public final class ChangelogWriter implements AutoCloseable {
    static final byte PUT = 0x01;
    static final byte DELETE = 0x10;
    static final byte MERGE = 0x11;
    static final byte DELETE_RANGE = 0x20;

    private final OutputStream out;
    private final boolean typed;
    private final byte[] buffer = new byte[StateCompression.BLOCK_BYTES];
    private int used;
    private long records;
    private boolean ended;

    private ChangelogWriter(OutputStream out, boolean typed) {
        this.out = out;
        this.typed = typed;
    }

    /** Begins a changelog in format 1 or 2. */
    public static ChangelogWriter open(OutputStream out, StateCompression compression, boolean columnFamilies)
            throws IOException {
        return open(out, compression, ChangelogFormat.of(columnFamilies, false), List.of());
    }

    /**
     * Begins a changelog.
     *
     * @param lineage of formats 3 and 4: the versions from the last known snapshot up to the one before this, ascending
     */
    public static ChangelogWriter open(
            OutputStream out, StateCompression compression, ChangelogFormat format, List<LineageEntry> lineage)
            throws IOException {
        ChangelogWriter writer = new ChangelogWriter(compression.compress(out), format.typed());
        if (format != ChangelogFormat.V1) {
            DataOutputStream header = new DataOutputStream(writer.asStream());
            header.writeUTF("v" + format.number());
            if (format.hasLineage()) {
                header.writeUTF(LineageEntry.toJson(lineage));
            }
        }
        return writer;
    }

    /** Records that a key has a value. */
    public void put(byte[] key, byte[] value) throws IOException {
        put(key, 0, key.length, value, 0, value.length);
    }

    /** Records that a key has a value. */
    public void put(byte[] keys, int keyStart, int keyLength, byte[] values, int valueStart, int valueLength)
            throws IOException {
        record(PUT, keys, keyStart, keyLength, values, valueStart, valueLength);
    }

    /**
     * Records that a value is appended to those of a key.
     *
     * @throws IllegalStateException in formats 1 and 3, which have no such record
     */
    public void merge(byte[] keys, int keyStart, int keyLength, byte[] values, int valueStart, int valueLength)
            throws IOException {
        if (!typed) {
            throw new IllegalStateException("this changelog has no record for a merge");
        }
        record(MERGE, keys, keyStart, keyLength, values, valueStart, valueLength);
    }

    /** Records that a key is gone. */
    public void remove(byte[] key) throws IOException {
        remove(key, 0, key.length);
    }

    /** Records that a key is gone. */
    public void remove(byte[] keys, int keyStart, int keyLength) throws IOException {
        begin(DELETE, keys, keyStart, keyLength);
        writeInt(-1);
        records++;
    }

    /** Returns how many records were written. */
    public long records() {
        return records;
    }

    /** Writes the end; nothing may be written after it. */
    public void finish() throws IOException {
        if (ended) {
            throw new IllegalStateException("this changelog has its end");
        }
        ended = true;
        if (typed) {
            writeByte((byte) 0);
        } else {
            writeInt(-1);
        }
        out.write(buffer, 0, used);
        out.close();
    }

    /** Gives up what was not finished: the stream then holds no valid changelog. */
    @Override
    public void close() {
        if (!ended) {
            ended = true;
            try {
                out.close(); // frees what the codec holds
            } catch (IOException e) {
                used = 0; // the file is dropped anyway
            }
        }
    }

    private void record(byte type, byte[] keys, int keyStart, int keyLength, byte[] values, int start, int length)
            throws IOException {
        begin(type, keys, keyStart, keyLength);
        writeInt(length);
        write(values, start, length);
        records++;
    }

    private void begin(byte type, byte[] keys, int keyStart, int keyLength) throws IOException {
        if (ended) {
            throw new IllegalStateException("this changelog has its end");
        }
        if (typed) {
            writeByte(type);
        }
        writeInt(keyLength);
        write(keys, keyStart, keyLength);
    }

    private void writeByte(byte value) throws IOException {
        if (used == buffer.length) {
            flush();
        }
        buffer[used++] = value;
    }

    private void writeInt(int value) throws IOException {
        if (buffer.length - used >= 4) {
            buffer[used] = (byte) (value >>> 24);
            buffer[used + 1] = (byte) (value >>> 16);
            buffer[used + 2] = (byte) (value >>> 8);
            buffer[used + 3] = (byte) value;
            used += 4;
        } else {
            for (int shift = 24; shift >= 0; shift -= 8) {
                writeByte((byte) (value >>> shift));
            }
        }
    }

    private void write(byte[] data, int start, int length) throws IOException {
        int done = 0;
        while (done < length) {
            if (used == buffer.length) {
                flush();
            }
            int step = Math.min(length - done, buffer.length - used);
            System.arraycopy(data, start + done, buffer, used, step);
            used += step;
            done += step;
        }
    }

    private void flush() throws IOException {
        out.write(buffer, 0, used);
        used = 0;
    }

    private OutputStream asStream() {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                writeByte((byte) value);
            }

            @Override
            public void write(byte[] data, int start, int length) throws IOException {
                ChangelogWriter.this.write(data, start, length);
            }
        };
    }
}
