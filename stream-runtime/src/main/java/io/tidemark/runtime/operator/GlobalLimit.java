package io.tidemark.runtime.operator;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.NullVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.codec.RowEncoder;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first rows of the whole query, over all batches. The store of partition 0 holds how many have passed, under a key
 * that is a void, as Spark's {@code StreamingGlobalLimitExec} has it; it is written when more have passed.
 */
final class GlobalLimit implements StatefulOperator {
    private static final StructType KEY = StructType.of(new StructField("key", AtomicType.NULL, true));
    private static final StructType VALUE = StructType.of(new StructField("value", AtomicType.BIGINT, true));

    private final long id;
    private final int limit;

    GlobalLimit(long id, int limit) {
        this.id = id;
        this.limit = limit;
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public String name() {
        return "globalLimit";
    }

    @Override
    public String describe() {
        return "StreamingGlobalLimit " + limit + " [id = " + id + "]";
    }

    @Override
    public List<StateStoreSpec> stores() {
        return List.of(new StateStoreSpec(KEY, VALUE));
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
        return false;
    }

    @Override
    public boolean isSinglePartition() {
        return true;
    }

    @Override
    public void run(TaskContext context, Iterator<ColumnBatch> input, BatchConsumer out) throws Exception {
        StateStore store = context.state().open(this, 0);
        Stopwatch watch = new Stopwatch();
        byte[] key = new RowEncoder(KEY)
                .encode(List.of(new NullVector(1)), Selection.all(1))
                .copy(0);
        byte[] stored = store.get(key);
        long before = stored == null ? 0 : EncodedWord.at(stored, EncodedWord.bitsetBytes(1));
        long passed = before;
        while (input.hasNext()) { // also behind the last row that passes: all of the input is to be consumed
            ColumnBatch batch = input.next();
            if (passed < limit && batch.rowCount() > 0) {
                ColumnBatch first = LocalLimitStep.first(batch, limit - passed);
                passed += first.rowCount();
                out.accept(first);
            }
        }
        if (passed > before) {
            LongVector value = new LongVector(AtomicType.BIGINT, 1, new long[] {passed}, null);
            store.put(
                    key,
                    new RowEncoder(VALUE)
                            .encode(List.of(value), Selection.all(1))
                            .copy(0));
        }
        context.statistics().state(id).addUpdated(passed > before ? 1 : 0, watch.lap());
    }
}
