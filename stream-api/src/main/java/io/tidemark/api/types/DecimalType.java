package io.tidemark.api.types;

/** An exact number of {@code precision} digits (1 to 38), {@code scale} of them (0 to precision) behind the point. */
public record DecimalType(int precision, int scale) implements DataType {
    public static final int MAX_PRECISION = 38;

    /** Decimals of at most this precision are held as an unscaled {@code long}. */
    public static final int MAX_LONG_DIGITS = 18;

    /** What Spark takes for {@code DECIMAL} without parameters. */
    public static final DecimalType USER_DEFAULT = new DecimalType(10, 0);

    public DecimalType {
        if (precision < 1 || precision > MAX_PRECISION) {
            throw new IllegalArgumentException("decimal precision must be 1 to 38: " + precision);
        }
        if (scale < 0 || scale > precision) {
            throw new IllegalArgumentException("decimal scale must be 0 to " + precision + ": " + scale);
        }
    }

    /** Returns whether values fit an unscaled {@code long}. */
    public boolean fitsLong() {
        return precision <= MAX_LONG_DIGITS;
    }

    @Override
    public String simpleString() {
        return "decimal(" + precision + "," + scale + ")";
    }

    @Override
    public String sql() {
        return "DECIMAL(" + precision + "," + scale + ")";
    }

    @Override
    public String json() {
        return '"' + simpleString() + '"';
    }
}
