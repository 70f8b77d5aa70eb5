package io.tidemark.state.rocksdb;

import io.tidemark.state.StateIterator;
import java.util.BitSet;
import java.util.function.UnaryOperator;

/**
 * Walks over a database and the writes in front of it: first what the database has and nobody has touched, then what was
 * written. An entry that was first touched after this was made is shown as the database has it. One thread.
 */
final class UnorderedEntries implements StateIterator {
    private final LocalDb.Cursor cursor;
    private final PendingWrites writes;
    private final BitSet written;
    private final UnaryOperator<byte[]> keyRow;
    private final UnaryOperator<byte[]> valueRow;
    private boolean inWrites;
    private int entry = -1;
    private byte[] key = new byte[0];

    UnorderedEntries(
            LocalDb.Cursor cursor, PendingWrites writes, UnaryOperator<byte[]> keyRow, UnaryOperator<byte[]> valueRow) {
        this.cursor = cursor;
        this.writes = writes;
        this.written = writes.written();
        this.keyRow = keyRow;
        this.valueRow = valueRow;
    }

    @Override
    public boolean next() {
        while (!inWrites && cursor.next()) {
            key = cursor.key();
            int found = written.isEmpty() ? -1 : writes.find(key, 0, key.length);
            if (found < 0 || !written.get(found)) {
                return true;
            }
        }
        inWrites = true;
        do {
            entry = written.nextSetBit(entry + 1);
        } while (entry >= 0 && writes.valueLength(entry) < 0);
        if (entry < 0) {
            written.clear();
        }
        return entry >= 0;
    }

    @Override
    public byte[] key() {
        return keyRow.apply(inWrites ? writes.copyKey(entry) : key);
    }

    @Override
    public byte[] value() {
        return valueRow.apply(inWrites ? writes.copyValue(entry) : cursor.value());
    }

    @Override
    public void close() {
        cursor.close();
    }
}
