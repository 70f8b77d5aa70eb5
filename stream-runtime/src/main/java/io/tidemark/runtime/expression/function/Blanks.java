package io.tidemark.runtime.expression.function;

/** The spaces and control characters that casts from string cut off at both ends. */
final class Blanks {
    private Blanks() {}

    /** Returns the first position in the range that is not blank, {@code until} if all are. */
    static int skip(byte[] data, int from, int until) {
        int at = from;
        while (at < until && isBlank(data[at])) {
            at++;
        }
        return at;
    }

    /** Returns the end of the range without the blanks before it. */
    static int cut(byte[] data, int from, int until) {
        int end = until;
        while (end > from && isBlank(data[end - 1])) {
            end--;
        }
        return end;
    }

    private static boolean isBlank(byte b) {
        return (b >= 0 && b <= ' ') || b == 127;
    }
}
