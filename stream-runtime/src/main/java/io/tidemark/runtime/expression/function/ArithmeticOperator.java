package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.DecimalType;

/** The binary operators on numbers. */
enum ArithmeticOperator {
    ADD("+", "try_add"),
    SUBTRACT("-", "try_subtract"),
    MULTIPLY("*", "try_multiply"),
    DIVIDE("/", "try_divide"),
    INTEGRAL_DIVIDE("div", "try_divide"),
    REMAINDER("%", "try_mod"),
    PMOD("pmod", "try_mod");

    /** Digits behind the point that a result keeps even if integral digits may be lost for it. */
    private static final int MIN_ADJUSTED_SCALE = 6;

    private final String symbol;
    private final String forgiving;

    ArithmeticOperator(String symbol, String forgiving) {
        this.symbol = symbol;
        this.forgiving = forgiving;
    }

    String symbol() {
        return symbol;
    }

    /** Returns the function that gives null where this one fails. */
    String forgiving() {
        return forgiving;
    }

    boolean isRemainder() {
        return this == REMAINDER || this == PMOD;
    }

    boolean divides() {
        return ordinal() >= DIVIDE.ordinal();
    }

    /** Returns Spark's type of the result on decimals; for {@code div} the decimal whose integral part it is. */
    DecimalType decimalResult(DecimalType a, DecimalType b) {
        int p1 = a.precision();
        int s1 = a.scale();
        int p2 = b.precision();
        int s2 = b.scale();
        return switch (this) {
            case ADD, SUBTRACT -> adjusted(Math.max(p1 - s1, p2 - s2) + Math.max(s1, s2) + 1, Math.max(s1, s2));
            case MULTIPLY -> adjusted(p1 + p2 + 1, s1 + s2);
            case DIVIDE -> {
                int scale = Math.max(MIN_ADJUSTED_SCALE, s1 + p2 + 1);
                yield adjusted(p1 - s1 + s2 + scale, scale);
            }
            case INTEGRAL_DIVIDE -> new DecimalType(Math.max(1, Math.min(DecimalType.MAX_PRECISION, p1 - s1 + s2)), 0);
            case REMAINDER, PMOD -> adjusted(Math.min(p1 - s1, p2 - s2) + Math.max(s1, s2), Math.max(s1, s2));
        };
    }

    private static DecimalType adjusted(int precision, int scale) {
        int max = DecimalType.MAX_PRECISION;
        if (precision <= max) {
            return new DecimalType(Math.max(1, precision), scale);
        }
        int integral = precision - scale;
        int kept = Math.max(max - integral, Math.min(scale, MIN_ADJUSTED_SCALE));
        return new DecimalType(max, kept);
    }
}
