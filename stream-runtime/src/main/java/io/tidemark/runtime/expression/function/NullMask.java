package io.tidemark.runtime.expression.function;

import io.tidemark.api.vector.Validity;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The validity of a result: that of the arguments, and more nulls as rows turn out to have no value. One thread. */
final class NullMask {
    private final int length;
    private long @Nullable [] bits;
    private boolean own;

    /** @param base validity of the arguments, never changed; null if they have no nulls */
    NullMask(int length, long @Nullable [] base) {
        this.length = length;
        this.bits = base;
    }

    boolean isValid(int row) {
        return Validity.isValid(bits, row);
    }

    void setNull(int row) {
        long[] mine = bits;
        if (mine == null) {
            mine = Validity.allOf(length);
            own = true;
        } else if (!own) {
            mine = Arrays.copyOf(mine, (length + 63) >> 6);
            own = true;
        }
        bits = mine;
        Validity.clear(mine, row);
    }

    /** Returns the bitmap, null if there are no nulls. */
    long @Nullable [] bits() {
        return bits;
    }
}
