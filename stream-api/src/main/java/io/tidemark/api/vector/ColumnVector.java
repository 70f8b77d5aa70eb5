package io.tidemark.api.vector;

import static java.util.Objects.requireNonNull;

import io.tidemark.api.types.DataType;
import org.jspecify.annotations.Nullable;

/**
 * The values of one column for the rows of a batch, by position. Values at null or unselected positions are undefined.
 * Read only once built; safe to share between threads then.
 */
public abstract sealed class ColumnVector
        permits NullVector,
                BooleanVector,
                IntVector,
                LongVector,
                FloatVector,
                DoubleVector,
                DecimalVector,
                BytesVector,
                ArrayVector,
                MapVector,
                StructVector {
    private final DataType type;
    private final int length;
    private final long @Nullable [] validity;

    ColumnVector(DataType type, int length, long @Nullable [] validity) {
        this.type = requireNonNull(type, "type");
        this.length = length;
        this.validity = validity;
    }

    public final DataType type() {
        return type;
    }

    /** Returns the number of positions. */
    public final int length() {
        return length;
    }

    /** Returns the bitmap of rows that are not null, or null if all are. Read only. */
    public final long @Nullable [] validity() {
        return validity;
    }

    public final boolean isNull(int row) {
        return !Validity.isValid(validity, row);
    }

    /** Returns whether some row may be null. */
    public final boolean mayHaveNulls() {
        return validity != null;
    }

    /**
     * Returns the value at {@code row} as a Java object, or null: Boolean, Byte, Short, Integer, Long, Float, Double,
     * BigDecimal, String, byte[], LocalDate, Instant (timestamp), LocalDateTime (timestamp_ntz), List, Map in entry
     * order, {@link io.tidemark.api.Row}. For the rims of the system; not for loops over rows.
     */
    public final @Nullable Object value(int row) {
        return isNull(row) ? null : nonNullValue(row);
    }

    abstract Object nonNullValue(int row);
}
