package io.tidemark.runtime.operator;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The watermarks of a batch, by the id of the stateful operator; milliseconds since the epoch.
 *
 * @param late rows at or below it are late: the operator's input watermark of the batch before
 * @param eviction state at or below it is let go: the operator's input watermark of this batch
 */
public record OperatorWatermarks(SortedMap<Long, Long> late, SortedMap<Long, Long> eviction) {
    /** For plans without state. */
    public static final OperatorWatermarks NONE = new OperatorWatermarks(new TreeMap<>(), new TreeMap<>());

    public OperatorWatermarks {
        late = Collections.unmodifiableSortedMap(new TreeMap<>(late));
        eviction = Collections.unmodifiableSortedMap(new TreeMap<>(eviction));
    }

    public long lateMillis(long operatorId) {
        return late.getOrDefault(operatorId, 0L);
    }

    public long evictionMillis(long operatorId) {
        return eviction.getOrDefault(operatorId, 0L);
    }
}
