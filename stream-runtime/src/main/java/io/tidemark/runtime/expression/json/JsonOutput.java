package io.tidemark.runtime.expression.json;

import io.tidemark.api.vector.BytesVector;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON text of one value while it is written, as UTF-8. One thread. */
final class JsonOutput {
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private byte[] data = new byte[256];
    private int size;

    byte[] data() {
        return data;
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    private void reserve(int more) {
        if (more > data.length - size) {
            data = Arrays.copyOf(data, Math.max(Math.addExact(size, more), data.length + (data.length >> 1)));
        }
    }

    void sign(char c) {
        reserve(1);
        data[size++] = (byte) c;
    }

    void raw(byte[] text) {
        reserve(text.length);
        System.arraycopy(text, 0, data, size, text.length);
        size += text.length;
    }

    /** Writes ASCII text as it is. */
    void ascii(String text) {
        reserve(text.length());
        for (int i = 0; i < text.length(); i++) {
            data[size++] = (byte) text.charAt(i);
        }
    }

    void string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        quoted(utf8, 0, utf8.length);
    }

    /** Writes a string; bytes that are not UTF-8 become the replacement character. */
    void string(BytesVector column, int row) {
        int p = column.starts()[row];
        int end = p + column.lengths()[row];
        byte[] d = column.data();
        int plain = JsonScanner.plainEnd(d, p, end);
        if (plain < end && d[plain] < 0) {
            string(column.string(row));
        } else {
            quoted(d, p, end);
        }
    }

    private void quoted(byte[] d, int p, int end) {
        sign('"');
        while (p < end) {
            int plain = JsonScanner.textEnd(d, p, end);
            reserve(plain - p + 6);
            System.arraycopy(d, p, data, size, plain - p);
            size += plain - p;
            if (plain < end) {
                escape(d[plain]);
            }
            p = plain + 1;
        }
        sign('"');
    }

    private void escape(byte c) {
        data[size++] = '\\';
        switch (c) {
            case '"', '\\' -> data[size++] = c;
            case '\b' -> data[size++] = 'b';
            case '\f' -> data[size++] = 'f';
            case '\n' -> data[size++] = 'n';
            case '\r' -> data[size++] = 'r';
            case '\t' -> data[size++] = 't';
            default -> {
                data[size++] = 'u';
                data[size++] = '0';
                data[size++] = '0';
                data[size++] = HEX[c >> 4];
                data[size++] = HEX[c & 15];
            }
        }
    }
}
