package io.tidemark.runtime.operator;

import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.aggregate.AggregateFunction;
import io.tidemark.state.StateIterator;
import io.tidemark.state.StateStore;
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
final class SessionAggregate extends StoreOperator {
    private final OutputMode mode;
    private final SessionLayout layout;
    private final StructType outputSchema;
    private final List<AggregateFunction> functions;
    private final EvictionBounds bounds = new EvictionBounds();

    /**
     * @param layout of its state
     * @param outputSchema the grouping columns, then a column for each function's result
     * @param eventTime which grouping column carries a watermark; null if none does
     */
    SessionAggregate(
            long id,
            OutputMode mode,
            SessionLayout layout,
            StructType outputSchema,
            List<AggregateFunction> functions,
            @Nullable EventTimeColumn eventTime) {
        super(id, "sessionWindowStateStoreSaveExec", layout.store(), layout.inValue(eventTime));
        this.mode = mode;
        this.layout = layout;
        this.outputSchema = outputSchema;
        this.functions = List.copyOf(functions);
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
        return "SessionWindowStateStoreSave [id = " + id() + ", mode = "
                + mode.toString().toLowerCase(Locale.ROOT)
                + ", keys = " + layout.prefix().fieldNames()
                + ", functions = "
                + functions.stream().map(AggregateFunction::name).toList() + describeEnd();
    }

    @Override
    void run(Use use, Iterator<ColumnBatch> input, BatchConsumer out) throws Exception {
        Stopwatch watch = new Stopwatch();
        SessionMelting melting = new SessionMelting(layout);
        while (input.hasNext()) {
            ColumnBatch batch = input.next();
            Selection rows = notLate(use, batch);
            if (!rows.isEmpty()) {
                melting.add(batch, rows);
            }
        }
        melting.addStored(use.store());
        SessionMelting.Sessions sessions = melting.melt(functions);
        use.store().removeAll(sessions.gone());
        long earliest = put(use.store(), sessions);
        use.statistics().addUpdated(sessions.count(), watch.lap());
        use.statistics().addRemoved(sessions.gone().count(), 0);
        if (mode == OutputMode.COMPLETE) {
            handOutAll(use.store(), out);
        } else if (eventTime() != null) {
            use.statistics().addRemoved(evict(use, eventTime(), earliest, out), watch.lap());
        }
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
        return eventTime() == null ? EventTimeColumn.NEVER : eventTime().earliest(value, all);
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

    private long evict(Use use, EventTimeColumn eventTime, long earliest, BatchConsumer out) throws Exception {
        EncodedOutput output = output(out);
        long removed = new Eviction(bounds, use.context(), id())
                .run(use.store(), earliest, entry -> eventTime.micros(entry.value()), output::add);
        output.flush();
        return removed;
    }
}
