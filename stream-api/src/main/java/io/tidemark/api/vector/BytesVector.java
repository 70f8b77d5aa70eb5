package io.tidemark.api.vector;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A column of STRING (UTF-8) or BINARY: ranges of one byte array, which may overlap or be shared with other columns. */
public final class BytesVector extends ColumnVector {
    private final byte[] data;
    private final int[] starts;
    private final int[] lengths;

    /** Wraps ranges of {@code data}, one a row; the arrays are not copied. */
    public BytesVector(
            DataType type, int length, byte[] data, int[] starts, int[] lengths, long @Nullable [] validity) {
        super(type, length, validity);
        this.data = data;
        this.starts = starts;
        this.lengths = lengths;
    }

    /** Returns the bytes that the ranges point into. Read only. */
    public byte[] data() {
        return data;
    }

    /** Returns where each row's range starts in {@link #data}. Read only. */
    public int[] starts() {
        return starts;
    }

    /** Returns each row's number of bytes. Read only. */
    public int[] lengths() {
        return lengths;
    }

    /** Returns the row's bytes as text. */
    public String string(int row) {
        return new String(data, starts[row], lengths[row], StandardCharsets.UTF_8);
    }

    /** Returns a copy of the row's bytes. */
    public byte[] bytes(int row) {
        return Arrays.copyOfRange(data, starts[row], starts[row] + lengths[row]);
    }

    /** Returns the same ranges under another of the two types. */
    public BytesVector as(AtomicType other) {
        return new BytesVector(other, length(), data, starts, lengths, validity());
    }

    @Override
    Object nonNullValue(int row) {
        return type() == AtomicType.BINARY ? bytes(row) : string(row);
    }
}
