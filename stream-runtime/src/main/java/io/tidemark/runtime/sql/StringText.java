package io.tidemark.runtime.sql;

/** Reads the text of a string literal as Spark does: escapes, doubled quotes, raw strings. */
final class StringText {
    private static final int SHORT_UNICODE = 4;
    private static final int LONG_UNICODE = 8;

    private StringText() {}

    /** Returns what a literal with its quotes stands for. */
    static String unquote(String literal) {
        char first = literal.charAt(0);
        if (first == 'r' || first == 'R') {
            return literal.substring(2, literal.length() - 1);
        }
        String body = literal.substring(1, literal.length() - 1);
        StringBuilder text = new StringBuilder(body.length());
        int i = 0;
        while (i < body.length()) {
            char c = body.charAt(i);
            if (c == first) { // only ever doubled inside
                text.append(c);
                i += 2;
            } else if (c == '\\' && i + 1 < body.length()) {
                i = escape(body, i + 1, text);
            } else {
                text.append(c);
                i++;
            }
        }
        return text.toString();
    }

    private static int escape(String body, int at, StringBuilder text) {
        char c = body.charAt(at);
        if (c == 'u' && isHex(body, at + 1, SHORT_UNICODE)) {
            text.append((char) Integer.parseInt(body, at + 1, at + 1 + SHORT_UNICODE, 16));
            return at + 1 + SHORT_UNICODE;
        }
        if (c == 'U' && isHex(body, at + 1, LONG_UNICODE)) {
            long codePoint = Long.parseLong(body, at + 1, at + 1 + LONG_UNICODE, 16);
            if (codePoint <= Character.MAX_CODE_POINT) {
                text.appendCodePoint((int) codePoint);
                return at + 1 + LONG_UNICODE;
            }
        }
        if ((c == '0' || c == '1') && isOctal(body, at + 1) && isOctal(body, at + 2)) {
            text.append((char) Integer.parseInt(body, at, at + 3, 8));
            return at + 3;
        }
        switch (c) {
            case '0' -> text.append('\0');
            case 'b' -> text.append('\b');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case 'Z' -> text.append('\u001A');
            case '%' -> text.append("\\%"); // kept for LIKE
            case '_' -> text.append("\\_");
            default -> text.append(c);
        }
        return at + 1;
    }

    private static boolean isHex(String body, int from, int count) {
        if (from + count > body.length()) {
            return false;
        }
        for (int i = from; i < from + count; i++) {
            if (Character.digit(body.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOctal(String body, int at) {
        return at < body.length() && body.charAt(at) >= '0' && body.charAt(at) <= '7';
    }
}
