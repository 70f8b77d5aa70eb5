package io.tidemark.runtime.operator;

import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.codec.RowBlock;
import io.tidemark.state.codec.RowEncoder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets the first row of each key pass and no other. Rows behind the late watermark are dropped and counted first; then a
 * key is looked up once in a batch and written if it is new. In the end keys that the watermark allows to be forgotten are
 * removed.
 *
 * <p>Floats are told apart by their bits: Spark does not normalise these keys.
 */
abstract class Deduplication extends StoreOperator {
    private static final String DROPPED_DUPLICATES = "numDroppedDuplicateRows";

    private final List<Integer> keys;
    private final StructType keySchema;

    /**
     * @param name Spark's name of the operator
     * @param schema of the rows
     * @param keys places of the key columns, in the state's order
     * @param value what is stored for a key
     * @param eventTime which column of the rows carries a watermark; null if none does
     */
    Deduplication(
            long id,
            String name,
            StructType schema,
            List<Integer> keys,
            StructType value,
            @Nullable EventTimeColumn eventTime) {
        super(id, name, new StateStoreSpec(keySchema(schema, keys), value), eventTime);
        this.keys = List.copyOf(keys);
        this.keySchema = keySchema(schema, keys);
    }

    static StructType keySchema(StructType schema, List<Integer> keys) {
        return new StructType(keys.stream().map(schema::field).toList());
    }

    /** Returns what is stored for the keys of these rows. */
    abstract RowBlock values(ColumnBatch batch, Selection firstRows);

    /** Returns until which watermark the first of these keys is kept; microseconds. */
    abstract long earliestExpiry(ColumnBatch batch, Selection firstRows);

    /**
     * Removes the keys that may be forgotten.
     *
     * @param earliest the earliest expiry of what this batch has put
     * @return how many
     */
    abstract long evict(Use use, long earliest) throws Exception;

    @Override
    public final List<String> customMetrics() {
        return List.of(DROPPED_DUPLICATES);
    }

    @Override
    public final boolean wantsAnotherBatch(long evictionMillis, long nextMillis) {
        return nextMillis > evictionMillis;
    }

    @Override
    public final boolean isSinglePartition() {
        return false;
    }

    final String describe(String name) {
        return name + " [id = " + id() + ", keys = " + keySchema.fieldNames() + describeEnd();
    }

    @Override
    final void run(Use use, Iterator<ColumnBatch> input, BatchConsumer out) throws Exception {
        Stopwatch watch = new Stopwatch();
        GroupTable table = new GroupTable(keySchema);
        long earliest = EventTimeColumn.NEVER;
        long passed = 0;
        long duplicates = 0;
        while (input.hasNext()) {
            ColumnBatch batch = input.next();
            Selection rows = notLate(use, batch);
            Selection first = firstRows(use.store(), table, batch, rows);
            duplicates += rows.count() - first.count();
            if (!first.isEmpty()) {
                passed += first.count();
                earliest = Math.min(earliest, earliestExpiry(batch, first));
                out.accept(batch.select(first));
            }
        }
        use.statistics().addUpdated(passed, watch.lap());
        use.statistics().addCustom(DROPPED_DUPLICATES, duplicates);
        use.statistics().addRemoved(evict(use, earliest), watch.lap());
    }

    /** Finds the rows whose key neither an earlier row of this batch nor the store has; puts their keys. */
    private Selection firstRows(StateStore store, GroupTable table, ColumnBatch batch, Selection rows) {
        int known = table.size();
        List<ColumnVector> columns = new ArrayList<>(keys.size());
        for (int key : keys) {
            columns.add(batch.column(key));
        }
        int[] groups = table.groupsOf(columns, rows);
        Selection unseen = firstOfEach(groups, rows, known, table.size() - known);
        if (unseen.isEmpty()) {
            return unseen;
        }
        RowBlock keyRows = new RowEncoder(keySchema).encode(columns, unseen);
        RowBlock stored = store.multiGet(keyRows);
        int[] first = new int[unseen.count()];
        int[] starts = new int[unseen.count()];
        int[] lengths = new int[unseen.count()];
        int count = 0;
        for (int i = 0; i < unseen.count(); i++) {
            if (stored.isAbsent(i)) {
                starts[count] = keyRows.start(i);
                lengths[count] = keyRows.length(i);
                first[count++] = unseen.at(i);
            }
        }
        Selection firstRows = Selection.of(first, count);
        if (count > 0) {
            store.putAll(new RowBlock(keyRows.data(), starts, lengths, count), values(batch, firstRows));
        }
        return firstRows;
    }

    /** Returns the first row of each group from number {@code known} on. */
    private static Selection firstOfEach(int[] groups, Selection rows, int known, int count) {
        int[] first = new int[count];
        boolean[] seen = new boolean[count];
        int found = 0;
        for (int i = 0; i < rows.count() && found < count; i++) {
            int row = rows.at(i);
            int group = groups[row] - known;
            if (group >= 0 && !seen[group]) {
                seen[group] = true;
                first[found++] = row;
            }
        }
        return Selection.of(first, count);
    }
}
