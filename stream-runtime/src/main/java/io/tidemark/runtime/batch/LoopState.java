package io.tidemark.runtime.batch;

import io.tidemark.api.connector.Offset;
import io.tidemark.runtime.watermark.WatermarkTracker;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Where the loop stands between two batches. Used by the query's thread only.
 *
 * @see BatchSlice
 */
final class LoopState {
    private final SortedMap<String, String> conf;
    private final WatermarkTracker watermarks;
    private long nextBatchId;
    private List<Optional<Offset>> committed;
    private long previousWatermark;
    private boolean noDataBatchWanted;

    /**
     * @param previousWatermark that of the batch before the next one, 0 if there is none; milliseconds
     * @param conf what the offset log records of the settings, the same for the whole run
     * @param noDataBatchWanted whether an operator asks for a batch even if there is no data
     * @param committed ends of the last committed batch, by distinct source
     */
    LoopState(
            long nextBatchId,
            List<Optional<Offset>> committed,
            WatermarkTracker watermarks,
            long previousWatermark,
            boolean noDataBatchWanted,
            SortedMap<String, String> conf) {
        this.nextBatchId = nextBatchId;
        this.committed = List.copyOf(committed);
        this.watermarks = watermarks;
        this.previousWatermark = previousWatermark;
        this.noDataBatchWanted = noDataBatchWanted;
        this.conf = conf;
    }

    long nextBatchId() {
        return nextBatchId;
    }

    List<Optional<Offset>> committed() {
        return committed;
    }

    WatermarkTracker watermarks() {
        return watermarks;
    }

    SortedMap<String, String> conf() {
        return conf;
    }

    /** Returns the watermark that the batch before the next one ran under: rows below it are late in the next one. */
    long previousWatermark() {
        return previousWatermark;
    }

    /** Returns whether an operator asked for one more batch although there is no data. */
    boolean noDataBatchWanted() {
        return noDataBatchWanted;
    }

    /** Moves on: {@code slice} is committed. */
    void advancePast(BatchSlice slice, boolean anotherWanted) {
        nextBatchId = slice.batchId() + 1;
        committed = slice.ends();
        previousWatermark = slice.metadata().batchWatermarkMs();
        noDataBatchWanted = anotherWanted;
    }
}
