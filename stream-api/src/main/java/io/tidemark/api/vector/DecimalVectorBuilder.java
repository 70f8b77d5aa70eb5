package io.tidemark.api.vector;

import io.tidemark.api.types.DecimalType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Arrays;

/** Builds a {@link DecimalVector}. */
public final class DecimalVectorBuilder extends VectorBuilder {
    private final DecimalType decimal;
    private long[] longs;
    private BigInteger[] wide;

    DecimalVectorBuilder(DecimalType type, int capacity) {
        super(type);
        decimal = type;
        longs = type.fitsLong() ? new long[capacity] : new long[0];
        wide = type.fitsLong() ? new BigInteger[0] : new BigInteger[capacity];
    }

    /** Appends a value whose unscaled form is given; at most 18 digits only. */
    public void appendUnscaled(long unscaled) {
        reserve();
        if (decimal.fitsLong()) {
            longs[length] = unscaled;
        } else {
            wide[length] = BigInteger.valueOf(unscaled);
        }
        appended();
    }

    /**
     * Appends a value, brought to the scale of the type.
     *
     * @throws ArithmeticException if it does not fit without loss
     */
    public void appendDecimal(BigDecimal value) {
        BigDecimal scaled = value.setScale(decimal.scale(), RoundingMode.UNNECESSARY);
        if (scaled.precision() > decimal.precision()) {
            throw new ArithmeticException(value + " does not fit " + decimal.simpleString());
        }
        reserve();
        if (decimal.fitsLong()) {
            longs[length] = scaled.unscaledValue().longValueExact();
        } else {
            wide[length] = scaled.unscaledValue();
        }
        appended();
    }

    @Override
    void reserve() {
        if (decimal.fitsLong() && length == longs.length) {
            longs = Arrays.copyOf(longs, grown(length));
        } else if (!decimal.fitsLong() && length == wide.length) {
            wide = Arrays.copyOf(wide, grown(length));
        }
    }

    @Override
    void padNull() {
        if (decimal.fitsLong()) {
            longs[length] = 0;
        } else {
            wide[length] = BigInteger.ZERO;
        }
    }

    @Override
    void appendNonNull(Object value) {
        appendDecimal((BigDecimal) value);
    }

    @Override
    public ColumnVector build() {
        return decimal.fitsLong()
                ? new DecimalVector(decimal, length, longs, validity)
                : new DecimalVector(decimal, length, wide, validity);
    }
}
