package io.tidemark.api.vector;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** A column of TINYINT, SMALLINT, INT or DATE (days since 1970-01-01). */
public final class IntVector extends ColumnVector {
    private final int[] values;

    /** Wraps the first {@code length} of {@code values}; the arrays are not copied and must not change any more. */
    public IntVector(DataType type, int length, int[] values, long @Nullable [] validity) {
        super(type, length, validity);
        this.values = values;
    }

    /** Returns the values by position. Read only. */
    public int[] values() {
        return values;
    }

    @Override
    Object nonNullValue(int row) {
        if (type() == AtomicType.DATE) {
            return LocalDate.ofEpochDay(values[row]);
        } else if (type() == AtomicType.TINYINT) {
            return (byte) values[row];
        } else if (type() == AtomicType.SMALLINT) {
            return (short) values[row];
        }
        return values[row];
    }
}
