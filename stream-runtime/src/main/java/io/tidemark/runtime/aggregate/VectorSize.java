package io.tidemark.runtime.aggregate;

import io.tidemark.api.vector.ArrayVector;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.FloatVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.MapVector;
import io.tidemark.api.vector.NullVector;
import io.tidemark.api.vector.StructVector;

/** How much memory a column takes that shares its arrays with nobody. */
final class VectorSize {
    private static final int WIDE_DECIMAL_BYTES = 72;

    private VectorSize() {}

    static long bytes(ColumnVector column) {
        long length = column.length();
        long validity = column.mayHaveNulls() ? length / 8 : 0;
        return validity + values(column, length);
    }

    private static long values(ColumnVector column, long length) {
        if (column instanceof NullVector) {
            return 0;
        } else if (column instanceof BooleanVector) {
            return length;
        } else if (column instanceof IntVector || column instanceof FloatVector) {
            return 4 * length;
        } else if (column instanceof DecimalVector decimals) {
            return (decimals.decimalType().fitsLong() ? 8 : WIDE_DECIMAL_BYTES) * length;
        } else if (column instanceof BytesVector bytes) {
            return 8 * length + bytes.data().length;
        } else if (column instanceof ArrayVector array) {
            return 8 * length + bytes(array.elements());
        } else if (column instanceof MapVector map) {
            return 8 * length + bytes(map.keys()) + bytes(map.entryValues());
        } else if (column instanceof StructVector struct) {
            long sum = 0;
            for (ColumnVector child : struct.children()) {
                sum += bytes(child);
            }
            return sum;
        }
        return 8 * length;
    }
}
