package io.tidemark.runtime.operator;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.Selection;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.codec.MalformedRowException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stateful operator with one store, as most are. Immutable but for what it remembers of its stores. */
abstract class StoreOperator implements StatefulOperator {
    private final long id;
    private final String name;
    private final StateStoreSpec store;
    private final @Nullable EventTimeColumn eventTime;

    /**
     * @param name Spark's name of the operator
     * @param eventTime what tells how old its rows are; null if nothing does
     */
    StoreOperator(long id, String name, StateStoreSpec store, @Nullable EventTimeColumn eventTime) {
        this.id = id;
        this.name = name;
        this.store = store;
        this.eventTime = eventTime;
    }

    /** One use of the store, in one task. */
    record Use(TaskContext context, StateStore store, StateStatistics statistics) {}

    /** Does the operator's work for one partition; nothing is committed here. */
    abstract void run(Use use, Iterator<ColumnBatch> input, BatchConsumer out) throws Exception;

    @Override
    public final void run(TaskContext context, Iterator<ColumnBatch> input, BatchConsumer out) throws Exception {
        StateStore opened = context.state().open(this, 0);
        try {
            run(new Use(context, opened, context.statistics().state(id)), input, out);
        } catch (MalformedRowException e) {
            throw new TidemarkException(
                    ErrorCode.STATE_FILE_CORRUPT,
                    opened.id() + " at version " + opened.version().number() + " holds an entry that is no row of "
                            + name + "'s state: " + e.getMessage()
                            + ". Restore the checkpoint's state from a backup, or go back to an older batch.",
                    e);
        }
    }

    /** Returns the rows that are not behind the late watermark; the others are counted. */
    final Selection notLate(Use use, ColumnBatch batch) {
        Selection all = batch.selection();
        if (eventTime == null) {
            return all;
        }
        Selection kept =
                eventTime.ahead(batch.columns(), all, use.context.watermarks().lateMillis(id));
        use.statistics.addDroppedByWatermark(all.count() - kept.count());
        return kept;
    }

    @Nullable
    final EventTimeColumn eventTime() {
        return eventTime;
    }

    /** Returns how explain ends: {@code , watermark on window.end]}. */
    final String describeEnd() {
        return (eventTime == null ? "" : ", watermark on " + eventTime.describe()) + "]";
    }

    @Override
    public final long id() {
        return id;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final List<StateStoreSpec> stores() {
        return List.of(store);
    }

    @Override
    public final @Nullable String watermarkColumn() {
        return eventTime == null ? null : eventTime.name();
    }

    @Override
    public final long watermarkDelayMillis() {
        return eventTime == null ? 0 : eventTime.delayMillis();
    }
}
