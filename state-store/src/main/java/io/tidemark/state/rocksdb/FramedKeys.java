package io.tidemark.state.rocksdb;

import io.tidemark.state.codec.RowBlock;
import java.util.Arrays;

/** The keys of a block of rows as they stand in the database, and their order. Used again and again. One thread. */
final class FramedKeys {
    private final KeyOrder order = new KeyOrder();
    private byte[] data = new byte[0];
    private int[] starts = new int[0];
    private int[] lengths = new int[0];
    private int count;
    private int used;

    /** Frames all rows of a block, in place of those of the block before. */
    void frame(KeyFraming framing, RowBlock rows) {
        count = rows.count();
        if (starts.length < count) {
            starts = new int[count + (count >> 2)];
            lengths = new int[starts.length];
        }
        used = 0;
        for (int row = 0; row < count; row++) {
            int bound = framing.bound(rows.length(row));
            if (bound > data.length - used) {
                long wanted = Math.max((long) used + bound, (long) count * bound);
                data = Arrays.copyOf(data, (int) Math.min(Math.max(wanted, data.length * 2L), Integer.MAX_VALUE - 16));
            }
            starts[row] = used;
            lengths[row] = framing.frame(rows.data(), rows.start(row), rows.length(row), data, used);
            used += lengths[row];
        }
    }

    /** Returns how many bytes the keys have in all. */
    int bytes() {
        return used;
    }

    byte[] data() {
        return data;
    }

    int start(int row) {
        return starts[row];
    }

    int length(int row) {
        return lengths[row];
    }

    /** Returns the rows in the order of their keys; the array may be longer, and holds until the next call. */
    int[] sorted() {
        return order.sort(data, starts, lengths, count);
    }
}
