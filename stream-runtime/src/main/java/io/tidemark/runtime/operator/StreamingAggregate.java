package io.tidemark.runtime.operator;

import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.aggregate.AggregateFunction;
import io.tidemark.runtime.expression.function.VectorGather;
import io.tidemark.state.StateIterator;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.codec.RowBlock;
import io.tidemark.state.codec.RowDecoder;
import io.tidemark.state.codec.RowEncoder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates over all batches: what a batch brings for a group is merged with what the store holds of it, and put back.
 * Its input are partial aggregates: the grouping columns, then the buffers of all functions.
 *
 * <p>State is laid out as Spark's {@code StateStoreSaveExec} lays it out in format 2: the grouping columns are the key,
 * the buffers the value. A group is read once and written once in a batch, however many rows it has.
 *
 * <ul>
 *   <li>append: groups behind the late watermark are dropped and counted, the others written; then all groups at or
 *       behind the eviction watermark are removed, and they are what comes out. A group may be written and removed in one
 *       batch.
 *   <li>update: late groups are dropped if the event time is a grouping column; what is written comes out, and after that
 *       old groups are removed without a word.
 *   <li>complete: nothing is late, nothing removed, and the whole state comes out in every batch.
 * </ul>
 *
 * <p>Without grouping columns there is one group, in partition 0, which is written in every batch, also without rows.
 */
final class StreamingAggregate implements StatefulOperator {
    private final long id;
    private final OutputMode mode;
    private final StructType groupingSchema;
    private final StructType bufferSchema;
    private final StructType outputSchema;
    private final List<AggregateFunction> functions;
    private final @Nullable EventTimeColumn eventTime;
    private final EvictionBounds bounds = new EvictionBounds();

    /**
     * @param groupingSchema the grouping columns under the names they have in the state
     * @param outputSchema the grouping columns, then a column for each function's result
     * @param eventTime which grouping column carries a watermark; null if none does
     */
    StreamingAggregate(
            long id,
            OutputMode mode,
            StructType groupingSchema,
            StructType outputSchema,
            List<AggregateFunction> functions,
            @Nullable EventTimeColumn eventTime) {
        this.id = id;
        this.mode = mode;
        this.groupingSchema = groupingSchema;
        this.bufferSchema = AggregateBuffers.schema(functions);
        this.outputSchema = outputSchema;
        this.functions = List.copyOf(functions);
        this.eventTime = eventTime;
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public String name() {
        return "stateStoreSave";
    }

    @Override
    public List<StateStoreSpec> stores() {
        return List.of(new StateStoreSpec(groupingSchema, bufferSchema));
    }

    @Override
    public @Nullable String watermarkColumn() {
        return eventTime == null ? null : eventTime.name();
    }

    @Override
    public long watermarkDelayMillis() {
        return eventTime == null ? 0 : eventTime.delayMillis();
    }

    @Override
    public boolean wantsAnotherBatch(long evictionMillis, long nextMillis) {
        return mode != OutputMode.COMPLETE && nextMillis > evictionMillis;
    }

    @Override
    public boolean isSinglePartition() {
        return groupingSchema.size() == 0;
    }

    @Override
    public String describe() {
        return "StateStoreSave [id = " + id + ", mode = " + mode.toString().toLowerCase(Locale.ROOT)
                + ", keys = " + groupingSchema.fieldNames()
                + ", functions = "
                + functions.stream().map(AggregateFunction::name).toList()
                + (eventTime == null ? "" : ", watermark on " + eventTime.describe()) + "]";
    }

    @Override
    public void run(TaskContext context, Iterator<ColumnBatch> input, BatchConsumer out) throws Exception {
        StateStore store = context.state().open(this, 0);
        StateStatistics statistics = context.statistics().state(id);
        Stopwatch watch = new Stopwatch();
        GroupTable table = new GroupTable(groupingSchema);
        AggregateBuffers fresh = gather(table, input);
        Selection kept = notLate(context, table, statistics);
        AggregateBuffers merged = restoreAndPut(store, table, fresh, kept);
        statistics.addUpdated(kept.count(), watch.lap());
        if (mode == OutputMode.COMPLETE) {
            handOutAll(store, out);
            return;
        }
        if (mode == OutputMode.UPDATE && !kept.isEmpty()) {
            handOut(table, merged, kept, out);
        }
        evict(context, store, table, kept, statistics, out);
    }

    private AggregateBuffers gather(GroupTable table, Iterator<ColumnBatch> input) {
        AggregateBuffers fresh = new AggregateBuffers(functions);
        while (input.hasNext()) {
            ColumnBatch batch = input.next();
            int[] groups = table.groupsOf(batch.columns().subList(0, groupingSchema.size()), batch.selection());
            fresh.grow(table.size());
            fresh.merge(groups, batch.columns(), groupingSchema.size(), batch.selection());
        }
        if (groupingSchema.size() == 0 && table.size() == 0) {
            table.groupsOf(List.of(), Selection.all(1));
            fresh.grow(1);
        }
        return fresh;
    }

    private Selection notLate(TaskContext context, GroupTable table, StateStatistics statistics) {
        Selection all = Selection.all(table.size());
        if (eventTime == null || mode == OutputMode.COMPLETE) {
            return all;
        }
        Selection kept =
                eventTime.ahead(table.keyColumns(), all, context.watermarks().lateMillis(id));
        statistics.addDroppedByWatermark(all.count() - kept.count());
        return kept;
    }

    /** Merges what the store has of each kept group, on the left, with what is new of it; puts and returns that. */
    private AggregateBuffers restoreAndPut(StateStore store, GroupTable table, AggregateBuffers fresh, Selection kept) {
        int count = kept.count();
        AggregateBuffers merged = new AggregateBuffers(functions);
        if (count == 0) {
            return merged;
        }
        merged.grow(count);
        RowBlock keys = pick(table.keys(), kept);
        RowBlock stored = store.multiGet(keys);
        Selection present = present(stored);
        int[] places = AggregateBuffers.identity(count);
        if (!present.isEmpty()) {
            merged.merge(places, new RowDecoder(bufferSchema).decode(stored), 0, present);
        }
        if (kept.positions() != null) {
            places = new int[kept.limit()];
            for (int i = 0; i < count; i++) {
                places[kept.at(i)] = i;
            }
        }
        merged.merge(places, fresh.buffers(table.size()), 0, kept);
        store.putAll(keys, new RowEncoder(bufferSchema).encode(merged.buffers(count), Selection.all(count)));
        return merged;
    }

    private static RowBlock pick(RowBlock rows, Selection kept) {
        if (kept.positions() == null) {
            return rows;
        }
        int[] starts = new int[kept.count()];
        int[] lengths = new int[kept.count()];
        for (int i = 0; i < kept.count(); i++) {
            starts[i] = rows.start(kept.at(i));
            lengths[i] = rows.length(kept.at(i));
        }
        return new RowBlock(rows.data(), starts, lengths, kept.count());
    }

    private static Selection present(RowBlock rows) {
        int[] present = new int[rows.count()];
        int count = 0;
        for (int i = 0; i < rows.count(); i++) {
            if (!rows.isAbsent(i)) {
                present[count++] = i;
            }
        }
        return count == rows.count() ? Selection.all(count) : Selection.of(present, count);
    }

    private void handOut(GroupTable table, AggregateBuffers merged, Selection kept, BatchConsumer out)
            throws Exception {
        List<ColumnVector> columns = new ArrayList<>(outputSchema.size());
        int[] positions = kept.positions();
        for (ColumnVector key : table.keyColumns()) {
            columns.add(positions == null ? key : VectorGather.gather(key, positions, kept.count()));
        }
        columns.addAll(merged.results(kept.count()));
        out.accept(new ColumnBatch(outputSchema, columns, kept.count()));
    }

    private void handOutAll(StateStore store, BatchConsumer out) throws Exception {
        EncodedOutput output = EncodedOutput.ofKeysAndValues(outputSchema, groupingSchema, functions, out);
        try (StateIterator entries = store.iterator()) {
            while (entries.next()) {
                output.add(entries);
            }
        }
        output.flush();
    }

    private void evict(
            TaskContext context,
            StateStore store,
            GroupTable table,
            Selection kept,
            StateStatistics statistics,
            BatchConsumer out)
            throws Exception {
        if (eventTime == null) {
            return;
        }
        Stopwatch watch = new Stopwatch();
        EncodedOutput output = mode == OutputMode.APPEND
                ? EncodedOutput.ofKeysAndValues(outputSchema, groupingSchema, functions, out)
                : null;
        long removed = new Eviction(bounds, context, id)
                .run(
                        store,
                        eventTime.earliest(table.keyColumns(), kept),
                        entry -> eventTime.micros(entry.key()),
                        entry -> {
                            if (output != null) {
                                output.add(entry);
                            }
                        });
        if (output != null) {
            output.flush();
        }
        statistics.addRemoved(removed, watch.lap());
    }
}
