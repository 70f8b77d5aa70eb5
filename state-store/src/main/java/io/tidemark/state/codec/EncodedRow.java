package io.tidemark.state.codec;

import static io.tidemark.state.codec.UnsafeLayout.WIDE_DECIMAL_BYTES;
import static io.tidemark.state.codec.UnsafeLayout.bitsetBytes;
import static io.tidemark.state.codec.UnsafeLayout.fixedBytes;
import static io.tidemark.state.codec.UnsafeLayout.isVariable;
import static io.tidemark.state.codec.UnsafeLayout.isWideDecimal;
import static io.tidemark.state.codec.UnsafeLayout.padded;

import io.tidemark.api.types.DataType;
import java.util.Objects;

/** One row in a byte array, its fields still as bytes. */
record EncodedRow(byte[] data, int offset, int length, int fields) {
    EncodedRow {
        Objects.checkFromIndexSize(offset, length, data.length);
        if (length < fixedBytes(fields) || (length & 7) != 0) {
            throw new MalformedRowException(length + " bytes cannot be a row of " + fields + " fields");
        }
    }

    boolean isNull(int ordinal) {
        return UnsafeLayout.isNull(data, offset, ordinal);
    }

    private long word(int ordinal) {
        return UnsafeLayout.getLong(data, offset + bitsetBytes(fields) + 8 * ordinal);
    }

    private long reference(int ordinal) {
        long word = word(ordinal);
        RowRules.checkReference(word, fixedBytes(fields), length);
        return word;
    }

    /** Returns the bytes that a field takes behind the words. */
    int variableBytes(DataType type, int ordinal) {
        if (isWideDecimal(type)) {
            return WIDE_DECIMAL_BYTES;
        }
        return isVariable(type) && !isNull(ordinal) ? padded((int) reference(ordinal)) : 0;
    }

    /**
     * Copies a field into a row that is being written, over zeros.
     *
     * @param end where that row's next variable value goes
     * @return where the one after it goes
     */
    int copy(DataType type, int ordinal, byte[] into, int to, int toOrdinal, int toFields, int end) {
        int word = to + bitsetBytes(toFields) + 8 * toOrdinal;
        int reserved = isWideDecimal(type) ? WIDE_DECIMAL_BYTES : 0;
        if (isNull(ordinal)) {
            UnsafeLayout.setNull(into, to, toOrdinal);
            UnsafeLayout.putLong(into, word, reserved > 0 ? UnsafeLayout.reference(end - to, 0) : 0);
            return end + reserved;
        } else if (!isVariable(type)) {
            UnsafeLayout.putLong(into, word, word(ordinal));
            return end;
        }
        long from = reference(ordinal);
        int size = (int) from;
        UnsafeLayout.putLong(into, word, UnsafeLayout.reference(end - to, size));
        System.arraycopy(data, offset + (int) (from >>> 32), into, end, size);
        return end + Math.max(reserved, padded(size));
    }
}
