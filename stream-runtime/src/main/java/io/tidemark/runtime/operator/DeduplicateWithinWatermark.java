package io.tidemark.runtime.operator;

import static java.util.Objects.requireNonNull;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.state.codec.RowBlock;
import io.tidemark.state.codec.RowEncoder;
import java.util.List;

/**
 * {@code dropDuplicatesWithinWatermark}: a key is known until the watermark has reached the time of its first row plus the
 * watermark's delay; later duplicates do not prolong that. The store holds that moment in microseconds, as Spark's {@code
 * StreamingDeduplicateWithinWatermarkExec} has it. A row without a time counts as one of 1970-01-01 00:00 UTC.
 */
final class DeduplicateWithinWatermark extends Deduplication {
    private static final StructType VALUE = StructType.of(new StructField("expiresAtMicros", AtomicType.BIGINT, false));
    private static final EventTimeColumn EXPIRY = new EventTimeColumn(VALUE, 0, 0);

    private final EvictionBounds bounds = new EvictionBounds();

    /** @param eventTime of the rows; a timestamp */
    DeduplicateWithinWatermark(long id, StructType schema, List<Integer> keys, EventTimeColumn eventTime) {
        super(id, "dedupeWithinWatermark", schema, keys, VALUE, eventTime);
    }

    @Override
    public String describe() {
        return describe("StreamingDeduplicateWithinWatermark");
    }

    @Override
    RowBlock values(ColumnBatch batch, Selection firstRows) {
        long[] expiries = expiries(batch, firstRows);
        return new RowEncoder(VALUE)
                .encode(
                        List.of(new LongVector(AtomicType.BIGINT, expiries.length, expiries, null)),
                        Selection.all(expiries.length));
    }

    private long[] expiries(ColumnBatch batch, Selection rows) {
        EventTimeColumn time = requireNonNull(eventTime());
        LongVector times = (LongVector) batch.column(time.ordinal());
        long[] expiries = new long[rows.count()];
        for (int i = 0; i < expiries.length; i++) {
            int row = rows.at(i);
            expiries[i] = (times.isNull(row) ? 0 : times.values()[row]) + time.delayMillis() * 1_000L;
        }
        return expiries;
    }

    @Override
    long earliestExpiry(ColumnBatch batch, Selection firstRows) {
        long earliest = EventTimeColumn.NEVER;
        for (long expiry : expiries(batch, firstRows)) {
            earliest = Math.min(earliest, expiry);
        }
        return earliest;
    }

    @Override
    long evict(Use use, long earliest) throws Exception {
        return new Eviction(bounds, use.context(), id())
                .run(use.store(), earliest, entry -> EXPIRY.micros(entry.value()), entry -> {});
    }
}
