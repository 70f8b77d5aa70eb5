package io.tidemark.runtime.expression.json;

import java.nio.charset.StandardCharsets;

/** Values of JSON numbers whose extent and form {@link JsonScanner#skipNumber} has found right. */
final class NumberReader {
    /** Digits that a long surely holds. */
    static final int SAFE_DIGITS = 18;

    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    private static final float[] FLOAT_POWERS = {1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f, 1e9f, 1e10f};
    private static final long EXACT_DOUBLE = 1L << 53;
    private static final long EXACT_FLOAT = 1L << 24;

    private NumberReader() {}

    /**
     * Returns the double nearest to the number in {@code [p, q)}. A mantissa below 2^53 and a power of ten up to 22 are
     * both exact doubles, so one multiplication or division rounds once and right; all else goes to the JDK.
     */
    static double toDouble(byte[] d, int p, int q) {
        int at = d[p] == '-' ? p + 1 : p;
        long mantissa = 0;
        int digits = 0;
        int scale = 0;
        boolean fraction = false;
        boolean integer = true;
        for (; at < q; at++) {
            int c = d[at] - '0';
            if (c >= 0 && c <= 9) {
                if (mantissa != 0 || c != 0) {
                    digits++;
                }
                if (digits > SAFE_DIGITS) {
                    return Double.parseDouble(text(d, p, q));
                }
                mantissa = mantissa * 10 + c;
                scale += fraction ? 1 : 0;
            } else if (c == '.' - '0') {
                fraction = true;
                integer = false;
            } else {
                int exponent = exponent(d, at + 1, q);
                if (exponent == Integer.MIN_VALUE) {
                    return Double.parseDouble(text(d, p, q));
                }
                scale -= exponent;
                integer = false;
                break;
            }
        }
        if (mantissa == 0 && integer) {
            return 0.0; // the integer -0 has no sign
        }
        if (mantissa >= EXACT_DOUBLE || scale > 22 || scale < -22) {
            return Double.parseDouble(text(d, p, q));
        }
        double value = scale >= 0 ? mantissa / POWERS[scale] : mantissa * POWERS[-scale];
        return d[p] == '-' ? -value : value;
    }

    /** Returns the float nearest to the number in {@code [p, q)}. */
    static float toFloat(byte[] d, int p, int q) {
        int at = d[p] == '-' ? p + 1 : p;
        long mantissa = 0;
        int scale = 0;
        boolean fraction = false;
        for (; at < q; at++) {
            int c = d[at] - '0';
            if (c >= 0 && c <= 9 && mantissa < EXACT_FLOAT) {
                mantissa = mantissa * 10 + c;
                scale += fraction ? 1 : 0;
            } else if (c == '.' - '0') {
                fraction = true;
            } else {
                return parseFloat(d, p, q);
            }
        }
        if (mantissa >= EXACT_FLOAT || scale > 10 || mantissa == 0) {
            return parseFloat(d, p, q);
        }
        float value = mantissa / FLOAT_POWERS[scale];
        return d[p] == '-' ? -value : value;
    }

    private static float parseFloat(byte[] d, int p, int q) {
        String text = text(d, p, q);
        return text.equals("-0") ? 0f : Float.parseFloat(text);
    }

    private static int exponent(byte[] d, int p, int q) {
        boolean negative = d[p] == '-';
        if (negative || d[p] == '+') {
            p++;
        }
        int value = 0;
        for (; p < q; p++) {
            value = value * 10 + d[p] - '0';
            if (value > 100_000) {
                return Integer.MIN_VALUE;
            }
        }
        return negative ? -value : value;
    }

    static String text(byte[] d, int p, int q) {
        return new String(d, p, q - p, StandardCharsets.ISO_8859_1);
    }
}
