package io.tidemark.state.rocksdb;

import io.tidemark.state.StateIterator;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Walks over a range of a database and the writes in front of it, in the order of the keys. One thread. */
final class OrderedEntries implements StateIterator {
    private final LocalDb.Cursor cursor;
    private final PendingWrites writes;
    private final int[] range;
    private final UnaryOperator<byte[]> keyRow;
    private final UnaryOperator<byte[]> valueRow;
    private int at; // in range
    private boolean started;
    private boolean ended; // of the cursor
    private boolean fromWrites;
    private int entry;
    private byte[] key = new byte[0]; // where the cursor stands

    /** @param range the entries of the range, in order */
    OrderedEntries(
            LocalDb.Cursor cursor,
            PendingWrites writes,
            int[] range,
            UnaryOperator<byte[]> keyRow,
            UnaryOperator<byte[]> valueRow) {
        this.cursor = cursor;
        this.writes = writes;
        this.range = range;
        this.keyRow = keyRow;
        this.valueRow = valueRow;
    }

    @Override
    public boolean next() {
        if (!started) {
            started = true;
            advance();
        } else if (!fromWrites && !ended) {
            advance(); // past the entry that was shown
        }
        while (!ended || at < range.length) {
            int order = ended ? 1 : at == range.length ? -1 : -writes.compareKey(range[at], key, 0, key.length);
            if (order < 0) {
                fromWrites = false;
                return true;
            }
            entry = range[at++];
            int length = writes.valueLength(entry);
            if (order == 0 && length == PendingWrites.UNTOUCHED) {
                fromWrites = false;
                return true;
            } else if (order == 0) {
                advance();
            }
            if (length >= 0) {
                fromWrites = true;
                return true;
            }
        }
        fromWrites = true; // nothing is left to be moved past
        return false;
    }

    private void advance() {
        ended = !cursor.next();
        if (!ended) {
            key = cursor.key();
        }
    }

    @Override
    public byte[] key() {
        return keyRow.apply(fromWrites ? writes.copyKey(entry) : key);
    }

    @Override
    public byte[] value() {
        return valueRow.apply(fromWrites ? writes.copyValue(entry) : cursor.value());
    }

    @Override
    public void close() {
        cursor.close();
    }

    /** Returns the first key after all that begin with {@code prefix}. */
    static byte[] after(byte[] prefix) {
        int last = prefix.length - 1;
        while (prefix[last] == -1) { // a length in front is never all ones
            last--;
        }
        byte[] after = Arrays.copyOf(prefix, last + 1);
        after[last]++;
        return after;
    }
}
