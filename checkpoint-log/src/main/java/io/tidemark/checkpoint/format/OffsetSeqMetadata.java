package io.tidemark.checkpoint.format;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a batch runs with besides its offsets. A batch that is run again uses the logged values.
 *
 * @param batchWatermarkMs event-time watermark in force during the batch, milliseconds since the epoch, 0 if none
 * @param batchTimestampMs the batch's {@code current_timestamp}, milliseconds since the epoch
 * @param conf settings frozen for the query; which keys there are depends on the engine that wrote them
 */
public record OffsetSeqMetadata(long batchWatermarkMs, long batchTimestampMs, SortedMap<String, String> conf) {
    public OffsetSeqMetadata {
        conf = Collections.unmodifiableSortedMap(new TreeMap<>(conf));
    }
}
