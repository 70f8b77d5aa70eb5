package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.vector.BytesVector;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A column of text being written position by position: {@link #begin}, some appends, {@link #end}. One thread. */
final class TextOutput {
    private final int length;
    private final int[] starts;
    private final int[] lengths;
    private final NullMask nulls;
    private byte[] data;
    private int used;

    TextOutput(int length, long @Nullable [] validity) {
        this.length = length;
        this.starts = new int[length];
        this.lengths = new int[length];
        this.nulls = new NullMask(length, validity);
        this.data = new byte[Math.max(64, length * 12)];
    }

    void begin(int row) {
        starts[row] = used;
    }

    void end(int row) {
        lengths[row] = used - starts[row];
    }

    void setNull(int row) {
        nulls.setNull(row);
    }

    boolean isValid(int row) {
        return nulls.isValid(row);
    }

    void append(byte[] from, int start, int count) {
        reserve(count);
        System.arraycopy(from, start, data, used, count);
        used += count;
    }

    /** Appends ASCII text. */
    void ascii(String text) {
        int count = text.length();
        reserve(count);
        for (int i = 0; i < count; i++) {
            data[used++] = (byte) text.charAt(i);
        }
    }

    void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        append(utf8, 0, utf8.length);
    }

    void ascii(char c) {
        reserve(1);
        data[used++] = (byte) c;
    }

    void number(long value) {
        if (value == Long.MIN_VALUE) {
            ascii("-9223372036854775808");
            return;
        }
        reserve(20);
        long rest = value;
        if (rest < 0) {
            data[used++] = '-';
            rest = -rest;
        }
        int digits = 1;
        for (long bound = 10; digits < 19 && rest >= bound; bound *= 10) {
            digits++;
        }
        padded(rest, digits);
    }

    /** Appends the last {@code digits} digits of a value that is not negative, zeros in front. */
    void padded(long value, int digits) {
        reserve(digits);
        long rest = value;
        for (int i = used + digits - 1; i >= used; i--) {
            data[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        used += digits;
    }

    private void reserve(int count) {
        if (count > data.length - used) {
            long wanted = Math.max((long) used + count, data.length + (long) (data.length >> 1));
            if ((long) used + count > Integer.MAX_VALUE - 16) {
                throw new IllegalStateException("a column of one batch exceeds 2 GiB");
            }
            data = Arrays.copyOf(data, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
        }
    }

    BytesVector build(AtomicType type) {
        return new BytesVector(type, length, data, starts, lengths, nulls.bits());
    }
}
