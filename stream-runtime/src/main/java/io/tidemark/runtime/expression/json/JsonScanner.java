package io.tidemark.runtime.expression.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds the ends of JSON tokens in UTF-8 bytes, eight at a time where that pays. Every method takes the record's end and
 * returns the position behind what it read, or {@link #UNSURE} where the text is not plain, strict JSON: such a record
 * is for the complete reader, which decides whether it is wrong or merely unusual.
 */
final class JsonScanner {
    static final int UNSURE = -1;

    /** Deeper values are left to the complete reader. */
    static final int MAX_DEPTH = 64;

    /** Longer names and numbers are left to the complete reader, which limits both. */
    static final int MAX_NAME_BYTES = 40_000;

    static final int MAX_NUMBER_BYTES = 900;

    static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;
    private static final long SPACES = ' ' * ONES;

    private JsonScanner() {}

    /** Returns the first position from {@code p} on that holds no white space, or {@code end}. */
    static int skipSpace(byte[] d, int p, int end) {
        while (p < end && d[p] <= ' ') {
            byte c = d[p];
            if (c != ' ' && c != '\n' && c != '\t' && c != '\r') {
                return p;
            }
            p++;
        }
        return p;
    }

    /**
     * Returns the position of the first byte from {@code p} on that is a quote, a backslash, a control character or not
     * ASCII; {@code end} if there is none.
     */
    static int plainEnd(byte[] d, int p, int end) {
        while (p + 8 <= end) {
            long x = (long) LONGS.get(d, p);
            long q = x ^ QUOTES;
            long b = x ^ BACKSLASHES;
            long hits = (((q - ONES) & ~q) | ((b - ONES) & ~b) | ((x - SPACES) & ~x) | x) & HIGHS;
            if (hits != 0) {
                return p + (Long.numberOfTrailingZeros(hits) >> 3);
            }
            p += 8;
        }
        while (p < end && d[p] >= ' ' && d[p] != '"' && d[p] != '\\') {
            p++;
        }
        return p;
    }

    /** As {@link #plainEnd}, but goes over bytes that are not ASCII. */
    static int textEnd(byte[] d, int p, int end) {
        while (p + 8 <= end) {
            long x = (long) LONGS.get(d, p);
            long q = x ^ QUOTES;
            long b = x ^ BACKSLASHES;
            long hits = (((q - ONES) & ~q) | ((b - ONES) & ~b) | ((x - SPACES) & ~x)) & HIGHS;
            if (hits != 0) {
                return p + (Long.numberOfTrailingZeros(hits) >> 3);
            }
            p += 8;
        }
        while (p < end && (d[p] < 0 || d[p] >= ' ') && d[p] != '"' && d[p] != '\\') {
            p++;
        }
        return p;
    }

    /** Returns the position of the quote that ends the string whose text starts at {@code p}. */
    static int closingQuote(byte[] d, int p, int end) {
        while (true) {
            p = textEnd(d, p, end);
            if (p >= end) {
                return UNSURE;
            }
            if (d[p] == '"') {
                return p;
            }
            if (d[p] != '\\' || p + 1 >= end) {
                return UNSURE;
            }
            switch (d[p + 1]) {
                case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> p += 2;
                case 'u' -> {
                    if (hex4(d, p + 2, end) < 0) {
                        return UNSURE;
                    }
                    p += 6;
                }
                default -> {
                    return UNSURE;
                }
            }
        }
    }

    /** Returns the value of the four hexadecimal digits at {@code p}, or {@link #UNSURE}. */
    static int hex4(byte[] d, int p, int end) {
        if (p + 4 > end) {
            return UNSURE;
        }
        int value = 0;
        for (int i = p; i < p + 4; i++) {
            int digit = Character.digit((char) (d[i] & 0xFF), 16);
            if (digit < 0 || d[i] < 0) {
                return UNSURE;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** Returns the position behind the number at {@code p}. */
    static int skipNumber(byte[] d, int p, int end) {
        int start = p;
        if (d[p] == '-') {
            p++;
        }
        int whole = p;
        p = skipDigits(d, p, end);
        if (p == whole || (d[whole] == '0' && p > whole + 1)) {
            return UNSURE;
        }
        if (p < end && d[p] == '.') {
            int fraction = ++p;
            p = skipDigits(d, p, end);
            if (p == fraction) {
                return UNSURE;
            }
        }
        if (p < end && (d[p] == 'e' || d[p] == 'E')) {
            p++;
            if (p < end && (d[p] == '+' || d[p] == '-')) {
                p++;
            }
            int exponent = p;
            p = skipDigits(d, p, end);
            if (p == exponent) {
                return UNSURE;
            }
        }
        return p - start > MAX_NUMBER_BYTES ? UNSURE : p;
    }

    private static int skipDigits(byte[] d, int p, int end) {
        while (p < end && d[p] >= '0' && d[p] <= '9') {
            p++;
        }
        return p;
    }

    /** Returns the position behind {@code null}, {@code true} or {@code false}, whichever stands at {@code p}. */
    static int skipLiteral(byte[] d, int p, int end) {
        if (p + 4 > end) {
            return UNSURE;
        }
        if (d[p] == 'n') {
            return d[p + 1] == 'u' && d[p + 2] == 'l' && d[p + 3] == 'l' ? p + 4 : UNSURE;
        } else if (d[p] == 't') {
            return d[p + 1] == 'r' && d[p + 2] == 'u' && d[p + 3] == 'e' ? p + 4 : UNSURE;
        } else if (d[p] == 'f' && p + 5 <= end) {
            return d[p + 1] == 'a' && d[p + 2] == 'l' && d[p + 3] == 's' && d[p + 4] == 'e' ? p + 5 : UNSURE;
        }
        return UNSURE;
    }

    /** Returns the position behind the value at {@code p}, all of it checked. */
    static int skipValue(byte[] d, int p, int end) {
        if (p >= end) {
            return UNSURE;
        }
        byte c = d[p];
        if (c == '{' || c == '[') {
            return skipNested(d, p, end);
        } else if (c == '"') {
            int quote = closingQuote(d, p + 1, end);
            return quote < 0 ? UNSURE : quote + 1;
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            return skipNumber(d, p, end);
        }
        return skipLiteral(d, p, end);
    }

    private static int skipNested(byte[] d, int p, int end) {
        long objects = 0; // one bit a level, the innermost lowest: set for an object
        int depth = 0;
        while (true) {
            if (p >= end) {
                return UNSURE;
            }
            byte c = d[p];
            if (c == '{' || c == '[') {
                if (++depth > MAX_DEPTH) {
                    return UNSURE;
                }
                objects = objects << 1 | (c == '{' ? 1 : 0);
                p = skipSpace(d, p + 1, end);
                if (p >= end) {
                    return UNSURE;
                }
                if (d[p] != (c == '{' ? '}' : ']')) {
                    if (c == '{' && (p = skipName(d, p, end)) < 0) {
                        return UNSURE;
                    }
                    continue;
                }
            } else {
                p = skipValue(d, p, end);
                if (p < 0) {
                    return UNSURE;
                }
            }
            boolean inside = true;
            while (inside) {
                p = skipSpace(d, p, end);
                if (p >= end) {
                    return UNSURE;
                }
                boolean object = (objects & 1) != 0;
                if (d[p] == ',') {
                    p = skipSpace(d, p + 1, end);
                    if (object && (p = skipName(d, p, end)) < 0) {
                        return UNSURE;
                    }
                    inside = false;
                } else if (d[p] == (object ? '}' : ']')) {
                    p++;
                    objects >>>= 1;
                    if (--depth == 0) {
                        return p;
                    }
                } else {
                    return UNSURE;
                }
            }
        }
    }

    /** Returns the position of the value that belongs to the name at {@code p}. */
    private static int skipName(byte[] d, int p, int end) {
        if (p >= end || d[p] != '"') {
            return UNSURE;
        }
        int quote = nameEnd(d, p + 1, end);
        return quote < 0 ? UNSURE : afterColon(d, quote + 1, end);
    }

    /** Returns the position of the quote that ends the name at {@code p}; a name with an escape is not for here. */
    static int nameEnd(byte[] d, int p, int end) {
        int quote = textEnd(d, p, end);
        return quote >= end || d[quote] != '"' || quote - p > MAX_NAME_BYTES ? UNSURE : quote;
    }

    /** Returns the position of the value behind the colon that comes next. */
    static int afterColon(byte[] d, int p, int end) {
        p = skipSpace(d, p, end);
        if (p >= end || d[p] != ':') {
            return UNSURE;
        }
        return skipSpace(d, p + 1, end);
    }
}
