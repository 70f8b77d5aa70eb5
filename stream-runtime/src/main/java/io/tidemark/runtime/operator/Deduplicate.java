package io.tidemark.runtime.operator;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.NullVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.state.codec.RowBlock;
import io.tidemark.state.codec.RowEncoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code dropDuplicates}: a key is known for ever, or, where its event time is part of it, until the watermark has reached
 * that. The store holds a void for each key, as Spark's {@code StreamingDeduplicateExec} has it.
 */
final class Deduplicate extends Deduplication {
    private static final StructType VALUE = StructType.of(new StructField("__dummy__", AtomicType.NULL, true));

    private final @Nullable EventTimeColumn keyTime;
    private final EvictionBounds bounds = new EvictionBounds();

    Deduplicate(long id, StructType schema, List<Integer> keys, @Nullable EventTimeColumn eventTime) {
        super(id, "dedupe", schema, keys, VALUE, eventTime);
        int place = eventTime == null ? -1 : keys.indexOf(eventTime.ordinal());
        this.keyTime = eventTime == null || place < 0
                ? null
                : new EventTimeColumn(keySchema(schema, keys), place, eventTime.delayMillis());
    }

    @Override
    public String describe() {
        return describe("StreamingDeduplicate");
    }

    @Override
    RowBlock values(ColumnBatch batch, Selection firstRows) {
        int count = firstRows.count();
        return new RowEncoder(VALUE).encode(List.of(new NullVector(count)), Selection.all(count));
    }

    @Override
    long earliestExpiry(ColumnBatch batch, Selection firstRows) {
        return keyTime == null || eventTime() == null
                ? EventTimeColumn.NEVER
                : eventTime().earliest(batch.columns(), firstRows);
    }

    @Override
    long evict(Use use, long earliest) throws Exception {
        if (keyTime == null) {
            return 0;
        }
        return new Eviction(bounds, use.context(), id())
                .run(use.store(), earliest, entry -> keyTime.micros(entry.key()), entry -> {});
    }
}
