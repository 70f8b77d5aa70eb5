package io.tidemark.runtime.expression.text;

/** Characters (code points) in UTF-8 bytes. A broken sequence counts as the bytes its first byte promises, cut at the end. */
final class Utf8 {
    private Utf8() {}

    /** Returns how many bytes the character has that starts with {@code lead}. */
    static int length(byte lead) {
        if (lead >= 0) {
            return 1;
        }
        int bits = lead & 0xFF;
        return bits >= 0xF0 ? 4 : bits >= 0xE0 ? 3 : bits >= 0xC0 ? 2 : 1;
    }

    /** Returns the number of characters in {@code [p, end)}. */
    static int count(byte[] d, int p, int end) {
        int continuations = 0;
        for (int i = p; i < end; i++) {
            continuations += (d[i] & 0xC0) == 0x80 ? 1 : 0;
        }
        return end - p - continuations;
    }

    /** Returns where the character stands that is {@code characters} behind {@code p}; {@code end} if there is none. */
    static int skip(byte[] d, int p, int end, int characters) {
        for (int i = 0; i < characters && p < end; i++) {
            p += length(d[p]);
        }
        return Math.min(p, end);
    }

    /** Returns the code point at {@code p}. */
    static int codePoint(byte[] d, int p, int end) {
        int length = Math.min(length(d[p]), end - p);
        return switch (length) {
            case 2 -> (d[p] & 0x1F) << 6 | (d[p + 1] & 0x3F);
            case 3 -> (d[p] & 0x0F) << 12 | (d[p + 1] & 0x3F) << 6 | (d[p + 2] & 0x3F);
            case 4 -> (d[p] & 0x07) << 18 | (d[p + 1] & 0x3F) << 12 | (d[p + 2] & 0x3F) << 6 | (d[p + 3] & 0x3F);
            default -> d[p] & 0xFF;
        };
    }

    static boolean isAscii(byte[] d, int p, int end) {
        int bits = 0;
        for (int i = p; i < end; i++) {
            bits |= d[i];
        }
        return bits >= 0;
    }

    /** Returns the first place of {@code [np, nend)} of {@code n} in {@code [p, end)}, or -1. */
    static int indexOf(byte[] d, int p, int end, byte[] n, int np, int nend) {
        int length = nend - np;
        if (length == 0) {
            return p;
        }
        byte first = n[np];
        for (int i = p; i <= end - length; i++) {
            if (d[i] == first && equal(d, i, n, np, length)) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the last place of {@code [np, nend)} of {@code n} in {@code [p, end)}, or -1. */
    static int lastIndexOf(byte[] d, int p, int end, byte[] n, int np, int nend) {
        for (int i = end - (nend - np); i >= p; i--) {
            if (equal(d, i, n, np, nend - np)) {
                return i;
            }
        }
        return -1;
    }

    static boolean equal(byte[] a, int ap, byte[] b, int bp, int length) {
        for (int i = 0; i < length; i++) {
            if (a[ap + i] != b[bp + i]) {
                return false;
            }
        }
        return true;
    }
}
