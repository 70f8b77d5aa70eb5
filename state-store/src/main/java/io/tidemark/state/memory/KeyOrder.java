package io.tidemark.state.memory;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.state.KeyEncoding;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.codec.RowSlices;
import org.jspecify.annotations.Nullable;

/** Gives keys their place: those that share the columns of a prefix stand together. Files know nothing of it. */
final class KeyOrder {
    private final @Nullable RowSlices slices;

    private KeyOrder(@Nullable RowSlices slices) {
        this.slices = slices;
    }

    static KeyOrder of(StateStoreSpec spec) {
        KeyEncoding encoding = spec.encoding();
        if (encoding instanceof KeyEncoding.RangeScan) {
            throw new TidemarkException(
                    ErrorCode.STATE_FORMAT_UNSUPPORTED,
                    "Cannot keep store '" + spec.name()
                            + "' in memory: its keys are scanned by range, which only the RocksDB provider does. Set"
                            + " spark.sql.streaming.stateStore.providerClass to it for a new checkpoint.");
        }
        return new KeyOrder(
                encoding instanceof KeyEncoding.PrefixScan prefix
                        ? new RowSlices(spec.keySchema(), prefix.columns())
                        : null);
    }

    boolean hasPrefix() {
        return slices != null;
    }

    Key key(byte[] row) {
        if (slices == null) {
            return new Key(row, row);
        }
        int front = slices.frontLength(row, 0, row.length);
        byte[] order = new byte[4 + front + slices.restLength(row, 0, row.length)];
        length(front, order);
        slices.cutFront(row, 0, row.length, order, 4);
        slices.cutRest(row, 0, row.length, order, 4 + front);
        return new Key(order, row);
    }

    /** Returns the place in front of all keys that share the columns of {@code prefix}. */
    Key prefix(byte[] prefix) {
        byte[] order = new byte[4 + prefix.length];
        length(prefix.length, order);
        System.arraycopy(prefix, 0, order, 4, prefix.length);
        return new Key(order, prefix);
    }

    /** So that the columns of one prefix never look like the beginning of another's. */
    private static void length(int length, byte[] into) {
        for (int i = 0; i < 4; i++) {
            into[i] = (byte) (length >>> (8 * i));
        }
    }
}
