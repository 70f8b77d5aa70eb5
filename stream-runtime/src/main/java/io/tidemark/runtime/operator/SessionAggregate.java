package io.tidemark.runtime.operator;

import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.aggregate.AggregateFunction;
import io.tidemark.state.KeyEncoding;
import io.tidemark.state.StateIterator;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.codec.RowEncoder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates by session: sessions of one key that overlap or touch become one. Its input are partial aggregates of
 * single-row sessions: the grouping columns, the session among them, then the buffers of all functions.
 *
 * <p>State is laid out as Spark's {@code SessionWindowStateStoreSaveExec} lays it out: the key are the grouping columns
 * without the session, and the session's start, found by a scan over the former; the value are all grouping columns and
 * the buffers. Late sessions are dropped from the input, in every mode. For each key with new rows all stored sessions are
 * read and melted with the new ones; those that are no more are removed, all others written, changed or not.
 *
 * <p>In append mode sessions that ended at or before the eviction watermark are removed, and they are what comes out; in
 * complete mode all state comes out in every batch, and none is removed.
 */
final class SessionAggregate implements StatefulOperator {
    private final long id;
    private final OutputMode mode;
    private final SessionLayout layout;
    private final StructType outputSchema;
    private final List<AggregateFunction> functions;
    private final @Nullable EventTimeColumn eventTime;
    private final EvictionBounds bounds = new EvictionBounds();

    /**
     * @param groupingSchema the grouping columns, the session among them
     * @param session place of the session in it
     * @param outputSchema the grouping columns, then a column for each function's result
     * @param eventTime which grouping column carries a watermark; null if none does
     */
    SessionAggregate(
            long id,
            OutputMode mode,
            StructType groupingSchema,
            int session,
            StructType outputSchema,
            List<AggregateFunction> functions,
            @Nullable EventTimeColumn eventTime) {
        this.id = id;
        this.mode = mode;
        this.layout = SessionLayout.of(groupingSchema, session, functions);
        this.outputSchema = outputSchema;
        this.functions = List.copyOf(functions);
        this.eventTime = eventTime == null
                ? null
                : new EventTimeColumn(layout.value(), eventTime.ordinal(), eventTime.delayMillis());
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public String name() {
        return "sessionWindowStateStoreSaveExec";
    }

    @Override
    public List<StateStoreSpec> stores() {
        return List.of(new StateStoreSpec(
                StateStoreId.DEFAULT,
                layout.key(),
                layout.value(),
                new KeyEncoding.PrefixScan(layout.prefix().size())));
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
        return false;
    }

    @Override
    public String describe() {
        return "SessionWindowStateStoreSave [id = " + id + ", mode = "
                + mode.toString().toLowerCase(Locale.ROOT)
                + ", keys = " + layout.prefix().fieldNames()
                + ", functions = "
                + functions.stream().map(AggregateFunction::name).toList()
                + (eventTime == null ? "" : ", watermark on " + eventTime.describe()) + "]";
    }

    @Override
    public void run(TaskContext context, Iterator<ColumnBatch> input, BatchConsumer out) throws Exception {
        StateStore store = context.state().open(this, 0);
        StateStatistics statistics = context.statistics().state(id);
        Stopwatch watch = new Stopwatch();
        SessionMelting melting = new SessionMelting(layout);
        while (input.hasNext()) {
            ColumnBatch batch = input.next();
            Selection rows = notLate(context, batch, statistics);
            if (!rows.isEmpty()) {
                melting.add(batch, rows);
            }
        }
        melting.addStored(store);
        SessionMelting.Sessions sessions = melting.melt(functions);
        store.removeAll(sessions.gone());
        long earliest = put(store, sessions);
        statistics.addUpdated(sessions.count(), watch.lap());
        statistics.addRemoved(sessions.gone().count(), 0);
        if (mode == OutputMode.COMPLETE) {
            handOutAll(store, out);
        } else {
            statistics.addRemoved(evict(context, store, earliest, out), watch.lap());
        }
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

    /** Puts all sessions; returns the earliest event time among them. */
    private long put(StateStore store, SessionMelting.Sessions sessions) {
        if (sessions.count() == 0) {
            return EventTimeColumn.NEVER;
        }
        Selection all = Selection.all(sessions.count());
        List<ColumnVector> value = new ArrayList<>(sessions.grouping());
        value.addAll(sessions.buffers());
        store.putAll(
                new RowEncoder(layout.key()).encode(layout.keyColumns(sessions.grouping(), sessions.starts()), all),
                new RowEncoder(layout.value()).encode(value, all));
        return eventTime == null ? EventTimeColumn.NEVER : eventTime.earliest(value, all);
    }

    private void handOutAll(StateStore store, BatchConsumer out) throws Exception {
        EncodedOutput output = output(out);
        try (StateIterator entries = store.iterator()) {
            while (entries.next()) {
                output.add(entries);
            }
        }
        output.flush();
    }

    private EncodedOutput output(BatchConsumer out) {
        return EncodedOutput.ofValues(outputSchema, layout.value(), functions, out);
    }

    private long evict(TaskContext context, StateStore store, long earliest, BatchConsumer out) throws Exception {
        if (eventTime == null) {
            return 0;
        }
        EncodedOutput output = output(out);
        long removed = new Eviction(bounds, context, id)
                .run(store, earliest, entry -> eventTime.micros(entry.value()), output::add);
        output.flush();
        return removed;
    }
}
