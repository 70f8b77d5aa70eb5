package io.tidemark.runtime.operator;

import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.state.codec.ColumnHash;
import io.tidemark.state.codec.RowBlock;
import io.tidemark.state.codec.RowEncoder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the distinct keys of rows: group 0, 1 and so on. One thread.
 *
 * <p>Works batch by batch and column by column. Each row is given a group by Spark's hash of its key alone; the keys of
 * groups that are new are stored; then the rows' keys are compared with those of their groups. The few rows whose key is
 * another one of the same hash look on, one by one. So no key is encoded before all groups are known, and no call is made
 * for a row. Two rows are of one group if their keys are the same bit by bit, nulls being equal: what is grouped by is
 * normalised before, see {@link io.tidemark.state.codec.NormalizedKeys}.
 *
 * <p>Which number a group gets depends on the rows and their batches alone.
 */
public final class GroupTable {
    private static final int FIRST_SLOTS = 1 << 10;

    private final StructType schema;
    private final KeyRows keyRows;
    private @Nullable List<ColumnVector> keyColumns; // of all groups, if somebody asked since the last was added
    private long[] slots = new long[FIRST_SLOTS]; // hash << 32 | group + 1; 0 is free
    private int shift = 32 - Integer.numberOfTrailingZeros(FIRST_SLOTS);
    private int[] hashes = new int[64];
    private int size;

    private int[] rowHashes = {};
    private int[] groups = {};
    private int[] identity = {};
    private int[] newRows = {};
    private boolean[] different = {};

    public GroupTable(StructType keySchema) {
        schema = keySchema;
        keyRows = new KeyRows(keySchema);
    }

    public StructType schema() {
        return schema;
    }

    /**
     * Finds the group of each row, making those that are missing.
     *
     * @param keys one column for each field of the schema
     * @return by the rows' own positions; good until the next call
     */
    public int[] groupsOf(List<? extends ColumnVector> keys, Selection rows) {
        if (keys.size() != schema.size()) {
            throw new IllegalArgumentException(keys.size() + " columns for " + schema.simpleString());
        }
        makeRoom(rows);
        int[] at = rows.positions() == null ? identity : rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            rowHashes[at[i]] = ColumnHash.SEED;
        }
        keys.forEach(key -> ColumnHash.update(key, rows, rowHashes));
        keyRows.read(keys, rows);
        int found = guess(at, rows.count());
        keyRows.append(newRows, found);
        if (found < rows.count()) {
            verify(at, rows.count());
        }
        return groups;
    }

    private void makeRoom(Selection rows) {
        int limit = rows.limit();
        if (groups.length < limit) {
            groups = new int[limit];
            rowHashes = new int[limit];
        }
        if (identity.length < rows.count()) {
            identity = new int[rows.count()];
            Arrays.setAll(identity, i -> i);
            newRows = new int[rows.count()];
            different = new boolean[rows.count()];
        }
    }

    /** Gives each row the first group of its hash; returns how many are new. */
    private int guess(int[] at, int count) {
        int found = 0;
        for (int i = 0; i < count; i++) {
            int row = at[i];
            int hash = rowHashes[row];
            int slot = home(hash);
            while (true) {
                long entry = slots[slot];
                if (entry == 0) {
                    newRows[found++] = row;
                    groups[row] = insert(slot, hash);
                    break;
                } else if ((int) (entry >>> 32) == hash) {
                    groups[row] = (int) entry - 1;
                    break;
                }
                slot = slot + 1 & slots.length - 1;
            }
        }
        return found;
    }

    /** Spreads the hash: in one partition the hashes share their remainder by the number of partitions. */
    private int home(int hash) {
        return (hash * 0x9E3779B9) >>> shift;
    }

    private int insert(int slot, int hash) {
        if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, size + (size >> 1));
        }
        hashes[size] = hash;
        keyColumns = null;
        slots[slot] = (long) hash << 32 | ++size;
        if (size > slots.length >> 1) {
            rehash();
        }
        return size - 1;
    }

    private void rehash() {
        if (slots.length == 1 << 30) {
            throw new IllegalStateException("more than " + size + " groups in one task");
        }
        slots = new long[slots.length << 1];
        shift--;
        for (int group = 0; group < size; group++) {
            int slot = home(hashes[group]);
            while (slots[slot] != 0) {
                slot = slot + 1 & slots.length - 1;
            }
            slots[slot] = (long) hashes[group] << 32 | group + 1;
        }
    }

    private void verify(int[] at, int count) {
        Arrays.fill(different, 0, count, false);
        keyRows.compare(at, count, groups, different);
        int strangers = 0;
        for (int i = 0; i < count; i++) {
            if (different[i]) {
                newRows[strangers++] = at[i];
            }
        }
        int[] rows = Arrays.copyOf(newRows, strangers);
        for (int i = 0; i < strangers; i++) {
            lookOn(rows[i]);
        }
    }

    /** Finds or makes the group of one row, comparing with each group of its hash. */
    private void lookOn(int row) {
        int hash = rowHashes[row];
        newRows[0] = row;
        int slot = home(hash);
        for (long entry = slots[slot]; entry != 0; entry = slots[slot]) {
            if ((int) (entry >>> 32) == hash) {
                groups[row] = (int) entry - 1;
                different[0] = false;
                keyRows.compare(newRows, 1, groups, different);
                if (!different[0]) {
                    return;
                }
            }
            slot = slot + 1 & slots.length - 1;
        }
        groups[row] = insert(slot, hash);
        keyRows.append(newRows, 1);
    }

    /** Returns the number of groups. */
    public int size() {
        return size;
    }

    /** Returns the hash of each group's key, which says its partition; longer than there are groups. Read only. */
    public int[] hashes() {
        return hashes;
    }

    /** Returns the keys by group, of the groups there are now. */
    public List<ColumnVector> keyColumns() {
        if (keyColumns == null) {
            keyColumns = keyRows.vectors();
        }
        return keyColumns;
    }

    /** Returns the keys by group as encoded rows. */
    public RowBlock keys() {
        return new RowEncoder(schema).encode(keyColumns(), Selection.all(size));
    }

    /** Returns how many bytes of memory the table takes. */
    public long memoryBytes() {
        return 8L * slots.length
                + 4L * hashes.length
                + 4L * (rowHashes.length + groups.length + 2L * newRows.length)
                + keyRows.memoryBytes();
    }
}
