package io.tidemark.connectors.kafka;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.Validity;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Gathers byte strings in one array, sized after the batch before. One thread. */
final class ByteColumn {
    private static final int FIRST_BYTES_A_ROW = 32;
    private static final int MAX_ARRAY = Integer.MAX_VALUE - 16;

    private final int capacity;
    private byte[] data;
    private int used;
    private int[] starts;
    private int[] lengths;
    private long @Nullable [] validity;

    ByteColumn(int capacity) {
        this.capacity = capacity;
        data = new byte[capacity * FIRST_BYTES_A_ROW];
        starts = new int[capacity];
        lengths = new int[capacity];
    }

    /** Rows are appended in order, from 0. */
    void append(int row, @Nullable ByteBuffer bytes) {
        starts[row] = used;
        if (bytes == null) {
            if (validity == null) {
                validity = Validity.allOf(capacity);
            }
            Validity.clear(validity, row);
            return;
        }
        int count = bytes.remaining();
        if (count > data.length - used) {
            grow(count);
        }
        if (bytes.hasArray()) {
            System.arraycopy(bytes.array(), bytes.arrayOffset() + bytes.position(), data, used, count);
        } else {
            bytes.get(bytes.position(), data, used, count);
        }
        lengths[row] = count;
        used += count;
    }

    private void grow(int count) {
        long wanted = Math.max((long) used + count, data.length + (long) (data.length >> 1));
        if ((long) used + count > MAX_ARRAY) {
            throw new IllegalStateException("a column of one batch exceeds 2 GiB");
        }
        data = Arrays.copyOf(data, (int) Math.min(wanted, MAX_ARRAY));
    }

    /** Returns the first {@code count} rows and starts anew. */
    BytesVector finish(int count) {
        BytesVector vector = new BytesVector(AtomicType.BINARY, count, data, starts, lengths, validity);
        data = new byte[Math.max(1024, used + (used >> 4))];
        used = 0;
        starts = new int[capacity];
        lengths = new int[capacity];
        validity = null;
        return vector;
    }
}
