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
final class StreamingAggregate extends StoreOperator {
    private final OutputMode mode;
    private final StructType groupingSchema;
    private final StructType bufferSchema;
    private final StructType outputSchema;
    private final List<AggregateFunction> functions;
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
        super(id, "stateStoreSave", new StateStoreSpec(groupingSchema, AggregateBuffers.schema(functions)), eventTime);
        this.mode = mode;
        this.groupingSchema = groupingSchema;
        this.bufferSchema = AggregateBuffers.schema(functions);
        this.outputSchema = outputSchema;
        this.functions = List.copyOf(functions);
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
        return "StateStoreSave [id = " + id() + ", mode = " + mode.toString().toLowerCase(Locale.ROOT)
                + ", keys = " + groupingSchema.fieldNames()
                + ", functions = "
                + functions.stream().map(AggregateFunction::name).toList() + describeEnd();
    }

    @Override
    void run(Use use, Iterator<ColumnBatch> input, BatchConsumer out) throws Exception {
        Stopwatch watch = new Stopwatch();
        GroupTable table = new GroupTable(groupingSchema);
        AggregateBuffers fresh = gather(table, input);
        ColumnBatch groups = new ColumnBatch(groupingSchema, table.keyColumns(), table.size());
        Selection kept = mode == OutputMode.COMPLETE ? groups.selection() : notLate(use, groups);
        AggregateBuffers merged = restoreAndPut(use.store(), table, fresh, kept);
        use.statistics().addUpdated(kept.count(), watch.lap());
        if (mode == OutputMode.COMPLETE) {
            handOutAll(use.store(), out);
            return;
        }
        if (mode == OutputMode.UPDATE && !kept.isEmpty()) {
            handOut(groups.columns(), merged, kept, out);
        }
        if (eventTime() != null) {
            use.statistics().addRemoved(evict(use, eventTime(), groups.select(kept), out), watch.lap());
        }
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

    private void handOut(List<ColumnVector> keys, AggregateBuffers merged, Selection kept, BatchConsumer out)
            throws Exception {
        List<ColumnVector> columns = new ArrayList<>(outputSchema.size());
        int[] positions = kept.positions();
        for (ColumnVector key : keys) {
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

    /** Lets go of old groups; append mode hands them out. Returns how many there were. */
    private long evict(Use use, EventTimeColumn eventTime, ColumnBatch put, BatchConsumer out) throws Exception {
        EncodedOutput output = mode == OutputMode.APPEND
                ? EncodedOutput.ofKeysAndValues(outputSchema, groupingSchema, functions, out)
                : null;
        long removed = new Eviction(bounds, use.context(), id())
                .run(
                        use.store(),
                        eventTime.earliest(put.columns(), put.selection()),
                        entry -> eventTime.micros(entry.key()),
                        entry -> {
                            if (output != null) {
                                output.add(entry);
                            }
                        });
        if (output != null) {
            output.flush();
        }
        return removed;
    }
}
