package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.DecimalType;
import io.tidemark.api.vector.DecimalVector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A decimal column being computed position by position. One thread. */
final class DecimalOutput {
    private final DecimalType type;
    private final int length;
    private final long[] longs;
    private final BigInteger[] wide;
    private final NullMask nulls;
    private final EvalMode mode;

    DecimalOutput(DecimalType type, int length, long @Nullable [] validity, EvalMode mode) {
        this.type = type;
        this.length = length;
        this.mode = mode;
        longs = new long[type.fitsLong() ? length : 0];
        wide = new BigInteger[type.fitsLong() ? 0 : length];
        Arrays.fill(wide, BigInteger.ZERO);
        nulls = new NullMask(length, validity);
    }

    /** Stores the value rounded half up to the scale; one of too many digits fails or gives null. */
    void set(int row, BigDecimal value) {
        BigDecimal scaled = value.setScale(type.scale(), RoundingMode.HALF_UP);
        if (scaled.precision() > type.precision()) {
            if (mode == EvalMode.ANSI) {
                throw EvaluationErrors.decimalOutOfRange(value, type);
            }
            nulls.setNull(row);
        } else if (type.fitsLong()) {
            longs[row] = scaled.unscaledValue().longValue();
        } else {
            wide[row] = scaled.unscaledValue();
        }
    }

    void setNull(int row) {
        nulls.setNull(row);
    }

    boolean isValid(int row) {
        return nulls.isValid(row);
    }

    DecimalVector build() {
        return type.fitsLong()
                ? new DecimalVector(type, length, longs, nulls.bits())
                : new DecimalVector(type, length, wide, nulls.bits());
    }
}
