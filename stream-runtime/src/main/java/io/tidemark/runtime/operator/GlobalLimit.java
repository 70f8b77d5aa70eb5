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

/**
 * The first rows of the whole query, over all batches. The store of partition 0 holds how many have passed, under a key
 * that is a void, as Spark's {@code StreamingGlobalLimitExec} has it; it is written when more have passed.
 */
final class GlobalLimit extends StoreOperator {
    private static final StructType KEY = StructType.of(new StructField("key", AtomicType.NULL, true));
    private static final StructType VALUE = StructType.of(new StructField("value", AtomicType.BIGINT, true));

    private final int limit;

    GlobalLimit(long id, int limit) {
        super(id, "globalLimit", new StateStoreSpec(KEY, VALUE), null);
        this.limit = limit;
    }

    @Override
    public String describe() {
        return "StreamingGlobalLimit " + limit + " [id = " + id() + "]";
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
    void run(Use use, Iterator<ColumnBatch> input, BatchConsumer out) throws Exception {
        StateStore store = use.store();
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
        use.statistics().addUpdated(passed > before ? 1 : 0, watch.lap());
    }
}
