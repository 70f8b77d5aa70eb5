package io.tidemark.state.codec;

import java.util.Arrays;

/**
 * Many short byte strings in one array: encoded rows by place. A string may be absent, which is not the same as empty.
 * Read only once built; safe to share between threads then.
 */
public final class RowBlock {
    /** The block without rows. */
    public static final RowBlock EMPTY = new RowBlock(new byte[0], new int[0], new int[0], 0);

    private final byte[] data;
    private final int[] starts;
    private final int[] lengths;
    private final int count;

    /**
     * @param starts where each string begins in {@code data}
     * @param lengths of each string in bytes; -1 for an absent one
     */
    public RowBlock(byte[] data, int[] starts, int[] lengths, int count) {
        this.data = data;
        this.starts = starts;
        this.lengths = lengths;
        this.count = count;
    }

    public int count() {
        return count;
    }

    /** Returns the bytes behind all strings. Read only. */
    public byte[] data() {
        return data;
    }

    public int start(int row) {
        return starts[row];
    }

    /** Returns the length in bytes, -1 if the string is absent. */
    public int length(int row) {
        return lengths[row];
    }

    public boolean isAbsent(int row) {
        return lengths[row] < 0;
    }

    /** Returns a copy of one string, which must not be absent. */
    public byte[] copy(int row) {
        return Arrays.copyOfRange(data, starts[row], starts[row] + lengths[row]);
    }

    /** Makes a block string by string. One thread; not to be used after {@link #build}. */
    public static final class Builder {
        private byte[] data;
        private int[] starts;
        private int[] lengths;
        private int used;
        private int count;

        public Builder(int expectedRows, int expectedBytes) {
            data = new byte[Math.max(64, expectedBytes)];
            starts = new int[Math.max(16, expectedRows)];
            lengths = new int[starts.length];
        }

        /** Makes room for {@code bytes} more and returns the array to write them to, at {@link #used}. */
        public byte[] reserve(int bytes) {
            if (bytes > data.length - used) {
                long wanted = Math.max((long) used + bytes, data.length + (long) (data.length >> 1));
                if ((long) used + bytes > Integer.MAX_VALUE - 16) {
                    throw new IllegalStateException("a block of rows exceeds 2 GiB");
                }
                data = Arrays.copyOf(data, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
            }
            return data;
        }

        /** Returns how many bytes are taken. */
        public int used() {
            return used;
        }

        public int count() {
            return count;
        }

        /** Appends the {@code bytes} bytes that the caller wrote at {@link #used} after {@link #reserve}. */
        public void endRow(int bytes) {
            room();
            starts[count] = used;
            lengths[count++] = bytes;
            used += bytes;
        }

        /** Appends a copy of a string. */
        public void add(byte[] from, int offset, int length) {
            System.arraycopy(from, offset, reserve(length), used, length);
            endRow(length);
        }

        public void add(byte[] row) {
            add(row, 0, row.length);
        }

        /** Appends an absent string. */
        public void addAbsent() {
            room();
            starts[count] = used;
            lengths[count++] = -1;
        }

        private void room() {
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, count + (count >> 1) + 16);
                lengths = Arrays.copyOf(lengths, starts.length);
            }
        }

        public RowBlock build() {
            return new RowBlock(data, starts, lengths, count);
        }
    }
}
