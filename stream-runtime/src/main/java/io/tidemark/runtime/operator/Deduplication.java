package io.tidemark.runtime.operator;

import io.tidemark.api.types.StructField;
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
abstract class Deduplication implements StatefulOperator {
    private static final String DROPPED_DUPLICATES = "numDroppedDuplicateRows";

    final long id;
    final StructType schema;
    final List<Integer> keys;
    final @Nullable EventTimeColumn eventTime;
    private final StructType keySchema;

    /**
     * @param schema of the rows
     * @param keys places of the key columns, in the state's order
     * @param eventTime which column of the rows carries a watermark; null if none does
     */
    Deduplication(long id, StructType schema, List<Integer> keys, @Nullable EventTimeColumn eventTime) {
        this.id = id;
        this.schema = schema;
        this.keys = List.copyOf(keys);
        this.eventTime = eventTime;
        List<StructField> fields = keys.stream().map(schema::field).toList();
        this.keySchema = new StructType(fields);
    }

    /** Returns the columns of what is stored for a key. */
    abstract StructType valueSchema();

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
    abstract long evict(TaskContext context, StateStore store, long earliest) throws Exception;

    StructType keySchema() {
        return keySchema;
    }

    @Override
    public final long id() {
        return id;
    }

    @Override
    public final List<StateStoreSpec> stores() {
        return List.of(new StateStoreSpec(keySchema, valueSchema()));
    }

    @Override
    public final @Nullable String watermarkColumn() {
        return eventTime == null ? null : eventTime.name();
    }

    @Override
    public final long watermarkDelayMillis() {
        return eventTime == null ? 0 : eventTime.delayMillis();
    }

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
        return name + " [id = " + id + ", keys = " + keySchema.fieldNames()
                + (eventTime == null ? "" : ", watermark on " + eventTime.describe()) + "]";
    }

    @Override
    public final void run(TaskContext context, Iterator<ColumnBatch> input, BatchConsumer out) throws Exception {
        StateStore store = context.state().open(this, 0);
        StateStatistics statistics = context.statistics().state(id);
        Stopwatch watch = new Stopwatch();
        GroupTable table = new GroupTable(keySchema);
        long earliest = EventTimeColumn.NEVER;
        long passed = 0;
        long duplicates = 0;
        while (input.hasNext()) {
            ColumnBatch batch = input.next();
            Selection rows = notLate(context, batch, statistics);
            Selection first = firstRows(store, table, batch, rows);
            duplicates += rows.count() - first.count();
            if (first.isEmpty()) {
                continue;
            }
            passed += first.count();
            earliest = Math.min(earliest, earliestExpiry(batch, first));
            out.accept(batch.select(first));
        }
        statistics.addUpdated(passed, watch.lap());
        statistics.addCustom(DROPPED_DUPLICATES, duplicates);
        statistics.addRemoved(evict(context, store, earliest), watch.lap());
    }

    private Selection notLate(TaskContext context, ColumnBatch batch, StateStatistics statistics) {
        Selection all = batch.selection();
        if (eventTime == null) {
            return all;
        }
        Selection kept =
                eventTime.ahead(batch.columns(), all, context.watermarks().lateMillis(id));
        statistics.addDroppedByWatermark(all.count() - kept.count());
        return kept;
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
