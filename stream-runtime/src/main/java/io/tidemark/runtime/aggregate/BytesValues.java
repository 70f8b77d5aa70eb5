package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.DataType;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnVector;
import java.util.Arrays;

/**
 * A string or binary for each group, all in one array. A value that is no longer than the one it replaces takes its place;
 * any other goes to the end, and when more than half of the array is dead the rest moves together.
 */
final class BytesValues extends GroupValues {
    private static final int LEAST = 256;
    private static final int MOST = Integer.MAX_VALUE - 16;

    private byte[] data = new byte[LEAST];
    private int[] starts = {};
    private int[] lengths = {};
    private int used;
    private long live;

    BytesValues(DataType type) {
        super(type);
    }

    @Override
    int compare(int group, ColumnVector with, int row) {
        BytesVector other = (BytesVector) with;
        int x = starts[group];
        int y = other.starts()[row];
        return Arrays.compareUnsigned(data, x, x + lengths[group], other.data(), y, y + other.lengths()[row]);
    }

    @Override
    void put(int group, ColumnVector from, int row) {
        BytesVector bytes = (BytesVector) from;
        int length = bytes.lengths()[row];
        int room = lengths[group]; // of a value that became null, too
        live += length - room;
        if (length > room) {
            reserve(group, length);
            starts[group] = used;
            used += length;
        }
        lengths[group] = length;
        System.arraycopy(bytes.data(), bytes.starts()[row], data, starts[group], length);
    }

    private void reserve(int replaced, int more) {
        if (more <= data.length - used) {
            return;
        }
        lengths[replaced] = 0;
        long wanted = live + (live >> 1) + LEAST;
        if (wanted > MOST) {
            wanted = live;
        }
        if (wanted > MOST) {
            throw new IllegalStateException("the strings kept for the groups of one task exceed 2 GiB");
        }
        compact((int) Math.max(wanted, live >= data.length / 2 ? Math.min(MOST, 2L * data.length) : data.length));
    }

    private void compact(int capacity) {
        byte[] moved = new byte[capacity];
        int at = 0;
        for (int group = 0; group < starts.length; group++) {
            System.arraycopy(data, starts[group], moved, at, lengths[group]);
            starts[group] = at;
            at += lengths[group];
        }
        data = moved;
        used = at;
    }

    @Override
    ColumnVector column(int groups) {
        return new BytesVector(type, groups, data, starts, lengths, present.validity(groups));
    }

    @Override
    long memoryBytes() {
        return data.length + 8L * starts.length + present.memoryBytes();
    }

    @Override
    void resize(int groups) {
        starts = Arrays.copyOf(starts, groups);
        lengths = Arrays.copyOf(lengths, groups);
    }
}
