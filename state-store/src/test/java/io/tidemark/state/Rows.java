package io.tidemark.state;

import io.tidemark.state.codec.RowBlock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** Encoded rows of longs, for tests that are about stores and not about rows. */
public final class Rows {
    private Rows() {}

    /** Returns a row of fields that are never null. */
    public static byte[] row(long... fields) {
        ByteBuffer row = ByteBuffer.allocate(8 + 8 * fields.length).order(ByteOrder.LITTLE_ENDIAN);
        row.putLong(0);
        Arrays.stream(fields).forEach(row::putLong);
        return row.array();
    }

    /** Returns a field of such a row. */
    public static long field(byte[] row, int ordinal) {
        return ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN).getLong(8 + 8 * ordinal);
    }

    public static RowBlock block(List<byte[]> rows) {
        RowBlock.Builder builder = new RowBlock.Builder(rows.size(), 0);
        rows.forEach(builder::add);
        return builder.build();
    }
}
