package io.tidemark.runtime.batch;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.runtime.operator.BatchConsumer;
import io.tidemark.runtime.operator.StatefulOperator;
import io.tidemark.runtime.operator.TaskContext;
import io.tidemark.state.StateStoreSpec;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An operator that is asked what it is and never run; it holds rows back for {@code heldBackMillis}. */
record FakeOperator(long id, String name, StateStoreSpec store, long heldBackMillis) implements StatefulOperator {
    static final StructType KEY = StructType.EMPTY.add("page", AtomicType.STRING);
    static final StructType VALUE = StructType.EMPTY.add("count", AtomicType.BIGINT);

    FakeOperator(long id, String name) {
        this(id, name, new StateStoreSpec(KEY, VALUE), 0);
    }

    static FakeOperator holdingBack(long id, long millis) {
        return new FakeOperator(id, "operator-" + id, new StateStoreSpec(KEY, VALUE), millis);
    }

    @Override
    public String describe() {
        return name;
    }

    @Override
    public boolean isSinglePartition() {
        return false;
    }

    @Override
    public void run(TaskContext context, Iterator<ColumnBatch> input, BatchConsumer out) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<StateStoreSpec> stores() {
        return List.of(store);
    }

    @Override
    public @Nullable String watermarkColumn() {
        return null;
    }

    @Override
    public long watermarkDelayMillis() {
        return 0;
    }

    @Override
    public boolean wantsAnotherBatch(long evictionMillis, long nextMillis) {
        return nextMillis > evictionMillis;
    }

    @Override
    public long outputWatermark(long inputMillis) {
        return inputMillis - heldBackMillis;
    }
}
