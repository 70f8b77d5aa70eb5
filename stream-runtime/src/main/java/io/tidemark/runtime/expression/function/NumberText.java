package io.tidemark.runtime.expression.function;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads numbers and truth values from UTF-8 bytes as Spark's casts do, and keeps the last one read. One thread. */
final class NumberText {
    /** With this many digits a decimal fraction is a quotient of two exact doubles. */
    private static final int EXACT_DIGITS = 15;

    private final boolean dropsFraction;
    private long value;
    private double doubleValue;

    /** @param dropsFraction whether an integer may have a fraction, which is cut off: so without ANSI rules */
    NumberText(boolean dropsFraction) {
        this.dropsFraction = dropsFraction;
    }

    long value() {
        return value;
    }

    double doubleValue() {
        return doubleValue;
    }

    /** Reads an integer with an optional sign into {@link #value}; returns whether there is one. */
    boolean readLong(byte[] data, int start, int length) {
        int at = Blanks.skip(data, start, start + length);
        int end = Blanks.cut(data, at, start + length);
        if (at == end) {
            return false;
        }
        boolean negative = data[at] == '-';
        if (negative || data[at] == '+') {
            at++;
            if (at == end) {
                return false;
            }
        }
        long result = 0; // negative, since there is one more of those
        while (at < end && isDigit(data[at])) {
            int digit = data[at++] - '0';
            if (result < Long.MIN_VALUE / 10) {
                return false;
            }
            result = result * 10 - digit;
            if (result > 0) {
                return false;
            }
        }
        if (at < end && !isFraction(data, at, end)) {
            return false;
        }
        if (!negative && result == Long.MIN_VALUE) {
            return false;
        }
        value = negative ? result : -result;
        return true;
    }

    private boolean isFraction(byte[] data, int from, int end) {
        if (!dropsFraction || data[from] != '.') {
            return false;
        }
        for (int i = from + 1; i < end; i++) {
            if (!isDigit(data[i])) {
                return false;
            }
        }
        return true;
    }

    /** Reads a floating number into {@link #doubleValue}; returns whether there is one. */
    boolean readDouble(byte[] data, int start, int length) {
        if (readPlain(data, start, length)) {
            return true;
        }
        Double parsed = parseDouble(new String(data, start, length, StandardCharsets.UTF_8));
        if (parsed == null) {
            return false;
        }
        doubleValue = parsed;
        return true;
    }

    /** Reads {@code -123.45} of at most 15 digits. */
    private boolean readPlain(byte[] data, int start, int length) {
        int at = start;
        int end = start + length;
        boolean negative = at < end && data[at] == '-';
        if (negative) {
            at++;
        }
        long unscaled = 0;
        int digits = 0;
        int scale = -1;
        for (; at < end; at++) {
            if (isDigit(data[at])) {
                unscaled = unscaled * 10 + (data[at] - '0');
                digits++;
                scale += scale >= 0 ? 1 : 0;
                if (digits > EXACT_DIGITS) {
                    return false;
                }
            } else if (data[at] == '.' && scale < 0) {
                scale = 0;
            } else {
                return false;
            }
        }
        if (digits == 0) {
            return false;
        }
        double positive = scale <= 0 ? unscaled : unscaled / (double) DecimalConversions.power(scale);
        doubleValue = negative ? -positive : positive;
        return true;
    }

    static @Nullable Double parseDouble(String text) {
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException e) {
            return specialDouble(text);
        }
    }

    static @Nullable Float parseFloat(String text) {
        try {
            return Float.valueOf(text);
        } catch (NumberFormatException e) {
            Double special = specialDouble(text);
            return special == null ? null : special.floatValue();
        }
    }

    private static @Nullable Double specialDouble(String text) {
        return switch (text.trim().toLowerCase(Locale.ROOT)) {
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            case "nan" -> Double.NaN;
            default -> null;
        };
    }

    /** Returns the number, or null if it is none; one too small to matter is zero. */
    static @Nullable BigDecimal parseDecimal(String text) {
        try {
            BigDecimal parsed = new BigDecimal(text.trim());
            long magnitude = (long) parsed.precision() - parsed.scale();
            if (magnitude < -100) {
                return BigDecimal.ZERO;
            }
            return magnitude > 1_000 ? null : parsed;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Returns 1 for true, 0 for false, -1 for text that is neither. */
    static int truth(byte[] data, int start, int length) {
        int from = Blanks.skip(data, start, start + length);
        int end = Blanks.cut(data, from, start + length);
        if (end - from > 5) {
            return -1;
        }
        return switch (new String(data, from, end - from, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT)) {
            case "t", "true", "y", "yes", "1" -> 1;
            case "f", "false", "n", "no", "0" -> 0;
            default -> -1;
        };
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
