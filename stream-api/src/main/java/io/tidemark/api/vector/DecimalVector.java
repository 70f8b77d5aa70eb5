package io.tidemark.api.vector;

import io.tidemark.api.types.DecimalType;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** A column of DECIMAL(p, s): unscaled longs up to 18 digits, unscaled big integers above. */
public final class DecimalVector extends ColumnVector {
    private final DecimalType decimal;
    private final long @Nullable [] longs;
    private final BigInteger @Nullable [] wide;

    /** A column of at most 18 digits; the arrays are not copied. */
    public DecimalVector(DecimalType type, int length, long[] unscaled, long @Nullable [] validity) {
        super(type, length, validity);
        if (!type.fitsLong()) {
            throw new IllegalArgumentException("longs cannot hold " + type.simpleString());
        }
        this.decimal = type;
        this.longs = unscaled;
        this.wide = null;
    }

    /** A column of more than 18 digits; the arrays are not copied. */
    public DecimalVector(DecimalType type, int length, BigInteger[] unscaled, long @Nullable [] validity) {
        super(type, length, validity);
        if (type.fitsLong()) {
            throw new IllegalArgumentException(type.simpleString() + " is held in longs");
        }
        this.decimal = type;
        this.longs = null;
        this.wide = unscaled;
    }

    @Override
    Object nonNullValue(int row) {
        return decimal(row);
    }

    /** Returns the column's type. */
    public DecimalType decimalType() {
        return decimal;
    }

    /** Returns the value, its scale that of the type. */
    public BigDecimal decimal(int row) {
        return longs != null
                ? BigDecimal.valueOf(longs[row], decimal.scale())
                : new BigDecimal(unscaled(row), decimal.scale());
    }

    /** Returns the unscaled longs of a column of at most 18 digits. Read only. */
    public long[] longs() {
        if (longs == null) {
            throw new IllegalStateException(decimal.simpleString() + " is not held in longs");
        }
        return longs;
    }

    /** Returns the unscaled value at {@code row}. */
    public BigInteger unscaled(int row) {
        return wide != null ? wide[row] : BigInteger.valueOf(longs()[row]);
    }
}
