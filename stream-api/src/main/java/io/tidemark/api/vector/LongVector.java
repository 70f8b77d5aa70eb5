package io.tidemark.api.vector;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** A column of BIGINT, TIMESTAMP or TIMESTAMP_NTZ (microseconds since the epoch). */
public final class LongVector extends ColumnVector {
    private final long[] values;

    /** Wraps the first {@code length} of {@code values}; the arrays are not copied and must not change any more. */
    public LongVector(DataType type, int length, long[] values, long @Nullable [] validity) {
        super(type, length, validity);
        this.values = values;
    }

    /** Returns the values by position. Read only. */
    public long[] values() {
        return values;
    }

    @Override
    Object nonNullValue(int row) {
        if (type() == AtomicType.TIMESTAMP) {
            return instant(values[row]);
        } else if (type() == AtomicType.TIMESTAMP_NTZ) {
            return LocalDateTime.ofInstant(instant(values[row]), ZoneOffset.UTC);
        }
        return values[row];
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    }
}
