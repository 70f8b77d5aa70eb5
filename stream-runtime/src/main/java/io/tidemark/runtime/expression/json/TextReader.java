package io.tidemark.runtime.expression.json;

import static io.tidemark.runtime.expression.json.JsonScanner.UNSURE;

import io.tidemark.api.vector.BytesVectorBuilder;

/** Values read as STRING that are more than a copy of plain bytes: escapes, text beyond ASCII, other kinds of values. */
final class TextReader {
    private TextReader() {}

    /**
     * Appends the string whose text starts at {@code p}.
     *
     * @param from a position up to which the text is plain
     * @return the position behind the closing quote
     */
    static int appendString(byte[] d, int p, int from, int end, BytesVectorBuilder out) {
        int quote = JsonScanner.closingQuote(d, from, end);
        if (quote < 0) {
            return UNSURE;
        }
        byte[] to = out.reserveBytes(quote - p);
        int start = out.used();
        int at = start + (from - p);
        System.arraycopy(d, p, to, start, from - p);
        int i = from;
        while (i < quote) {
            byte c = d[i];
            if (c < 0) {
                int bytes = utf8Length(d, i, quote);
                if (bytes < 0) {
                    return UNSURE;
                }
                System.arraycopy(d, i, to, at, bytes);
                at += bytes;
                i += bytes;
            } else if (c != '\\') {
                to[at++] = c;
                i++;
            } else if (d[i + 1] != 'u') {
                to[at++] = unescaped(d[i + 1]);
                i += 2;
            } else {
                int code = JsonScanner.hex4(d, i + 2, quote);
                if (code < 0 || (code >= 0xD800 && code <= 0xDFFF)) {
                    return UNSURE; // halves of a pair: left to the complete reader
                }
                at = encode(code, to, at);
                i += 6;
            }
        }
        out.appendReserved(at - start);
        return quote + 1;
    }

    private static byte unescaped(byte c) {
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> c;
        };
    }

    private static int encode(int code, byte[] to, int at) {
        if (code < 0x80) {
            to[at++] = (byte) code;
        } else if (code < 0x800) {
            to[at++] = (byte) (0xC0 | code >> 6);
            to[at++] = (byte) (0x80 | (code & 0x3F));
        } else {
            to[at++] = (byte) (0xE0 | code >> 12);
            to[at++] = (byte) (0x80 | (code >> 6 & 0x3F));
            to[at++] = (byte) (0x80 | (code & 0x3F));
        }
        return at;
    }

    /** Returns the number of bytes of the well-formed character beyond ASCII at {@code p}, or UNSURE. */
    private static int utf8Length(byte[] d, int p, int end) {
        int lead = d[p] & 0xFF;
        int bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if (lead < 0xC2 || lead > 0xF4 || p + bytes > end) {
            return UNSURE;
        }
        for (int i = 1; i < bytes; i++) {
            if ((d[p + i] & 0xC0) != 0x80) {
                return UNSURE;
            }
        }
        int second = d[p + 1] & 0xFF;
        boolean overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
        boolean beyond = (lead == 0xED && second >= 0xA0) || (lead == 0xF4 && second >= 0x90);
        return overlong || beyond ? UNSURE : bytes;
    }

    /**
     * Appends the text of the value at {@code p}, which is no string, as Spark shows it: integers and literals as they
     * are, other numbers as a double, objects and arrays without white space.
     */
    static int appendRaw(byte[] d, int p, int end, BytesVectorBuilder out) {
        byte c = d[p];
        if (c == '{' || c == '[') {
            return appendNested(d, p, end, out);
        }
        int q = JsonScanner.skipValue(d, p, end);
        if (q > 0 && !isVerbatim(d, p, q)) {
            return UNSURE;
        } else if (q > 0) {
            out.appendBytes(d, p, q - p);
        }
        return q;
    }

    private static int appendNested(byte[] d, int p, int end, BytesVectorBuilder out) {
        int close = JsonScanner.skipValue(d, p, end);
        if (close < 0) {
            return UNSURE;
        }
        byte[] to = out.reserveBytes(close - p);
        int start = out.used();
        int at = start;
        int i = p;
        while (i < close) {
            byte c = d[i];
            int q;
            if (c == '"') {
                q = JsonScanner.plainEnd(d, i + 1, close) + 1;
                if (d[q - 1] != '"') {
                    return UNSURE;
                }
            } else if (c == '-' || (c >= '0' && c <= '9')) {
                q = JsonScanner.skipNumber(d, i, close);
                if (q < 0 || !isVerbatim(d, i, q)) {
                    return UNSURE;
                }
            } else {
                q = i + 1;
            }
            if (c > ' ') {
                System.arraycopy(d, i, to, at, q - i);
                at += q - i;
            }
            i = q;
        }
        out.appendReserved(at - start);
        return close;
    }

    /** Returns whether a number or literal is shown as it is written: all but fractions, exponents and {@code -0}. */
    private static boolean isVerbatim(byte[] d, int p, int q) {
        if (q - p == 2 && d[p] == '-' && d[p + 1] == '0') {
            return false;
        }
        if (d[p] != '-' && (d[p] < '0' || d[p] > '9')) {
            return true;
        }
        for (int i = p; i < q; i++) {
            if (d[i] != '-' && (d[i] < '0' || d[i] > '9')) {
                return false;
            }
        }
        return true;
    }
}
