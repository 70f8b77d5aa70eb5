package io.tidemark.api.vector;

import io.tidemark.api.types.DataType;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;

/** Builds a {@link LongVector}. */
public final class LongVectorBuilder extends VectorBuilder {
    private long[] values;

    LongVectorBuilder(DataType type, int capacity) {
        super(type);
        values = new long[capacity];
    }

    public void appendLong(long value) {
        reserve();
        values[length] = value;
        appended();
    }

    @Override
    void reserve() {
        if (length == values.length) {
            values = Arrays.copyOf(values, grown(length));
        }
    }

    @Override
    void padNull() {
        values[length] = 0;
    }

    @Override
    void appendNonNull(Object value) {
        if (value instanceof Instant instant) {
            appendLong(micros(instant));
        } else if (value instanceof LocalDateTime local) {
            appendLong(micros(local.toInstant(ZoneOffset.UTC)));
        } else {
            appendLong(((Number) value).longValue());
        }
    }

    private static long micros(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
    }

    @Override
    public ColumnVector build() {
        return new LongVector(type, length, values, validity);
    }
}
