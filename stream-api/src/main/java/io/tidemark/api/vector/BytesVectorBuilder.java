package io.tidemark.api.vector;

import io.tidemark.api.types.DataType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Builds a {@link BytesVector} with bytes of its own. */
public final class BytesVectorBuilder extends VectorBuilder {
    private byte[] data;
    private int used;
    private int[] starts;
    private int[] lengths;

    BytesVectorBuilder(DataType type, int capacity) {
        super(type);
        data = new byte[capacity * 16];
        starts = new int[capacity];
        lengths = new int[capacity];
    }

    /** Appends a copy of the given range. */
    public void appendBytes(byte[] from, int offset, int count) {
        reserve();
        reserveBytes(count);
        System.arraycopy(from, offset, data, used, count);
        starts[length] = used;
        lengths[length] = count;
        used += count;
        appended();
    }

    public void appendString(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        appendBytes(utf8, 0, utf8.length);
    }

    /** Makes room for {@code count} more bytes and returns the array to write them to, at {@link #used}. */
    public byte[] reserveBytes(int count) {
        if (count > data.length - used) {
            long wanted = Math.max((long) used + count, data.length + (long) (data.length >> 1));
            if ((long) used + count > Integer.MAX_VALUE - 16) {
                throw new IllegalStateException("a column of one batch exceeds 2 GiB");
            }
            data = Arrays.copyOf(data, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
        }
        return data;
    }

    /** Returns how many bytes of the data array are taken. */
    public int used() {
        return used;
    }

    /** Appends the {@code count} bytes that the caller wrote at {@link #used} after {@link #reserveBytes}. */
    public void appendReserved(int count) {
        reserve();
        starts[length] = used;
        lengths[length] = count;
        used += count;
        appended();
    }

    @Override
    void reserve() {
        if (length == starts.length) {
            int capacity = grown(length);
            starts = Arrays.copyOf(starts, capacity);
            lengths = Arrays.copyOf(lengths, capacity);
        }
    }

    @Override
    void padNull() {
        starts[length] = used;
        lengths[length] = 0;
    }

    @Override
    void appendNonNull(Object value) {
        if (value instanceof byte[] bytes) {
            appendBytes(bytes, 0, bytes.length);
        } else {
            appendString((String) value);
        }
    }

    @Override
    public ColumnVector build() {
        return new BytesVector(type, length, data, starts, lengths, validity);
    }
}
