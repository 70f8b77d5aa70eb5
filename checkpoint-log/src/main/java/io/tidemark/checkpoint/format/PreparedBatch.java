package io.tidemark.checkpoint.format;

import io.tidemark.api.connector.LostRange;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code _tidemark/prepared/N[.k]}: everything that is left to do for batch N, so that any later run can finish it
 * without reading its source. Its single winner is the batch.
 *
 * @param attempt k: 0 for {@code prepared/N}, one higher each time a staged file was lost and the batch ran again
 * @param offsets digest of {@code offsets/N}
 * @param stateFiles staged state files, all durable
 * @param sinkToken what {@link io.tidemark.api.connector.Sink#stage} returned; null for a sink without staging
 * @param commit content of {@code commits/N} to come
 * @param operatorWatermarks watermark per watermark operator after the batch, in plan order; milliseconds
 * @param rowCounts for progress, by name
 * @param losses every range this batch covers and could not read
 * @param tableId identity of the sink's table, or null
 * @param tableMetadataHash of the table's schema and properties when the batch was staged, or null
 */
public record PreparedBatch(
        UUID queryId,
        long batchId,
        int attempt,
        long epoch,
        String attemptUuid,
        FileDigest offsets,
        List<StagedFile> stateFiles,
        @Nullable String sinkToken,
        CommitMetadata commit,
        List<Long> operatorWatermarks,
        SortedMap<String, Long> rowCounts,
        List<LostRange> losses,
        @Nullable String tableId,
        @Nullable String tableMetadataHash) {
    public PreparedBatch {
        stateFiles = List.copyOf(stateFiles);
        operatorWatermarks = List.copyOf(operatorWatermarks);
        rowCounts = Collections.unmodifiableSortedMap(new TreeMap<>(rowCounts));
        losses = List.copyOf(losses);
    }

    /** Returns the digest that {@code commits/N} will have. */
    public FileDigest commitDigest() {
        return FileDigest.of(CommitFile.encode(commit));
    }

    /**
     * A durable file that waits for its final name.
     *
     * @param staged where it is, relative to the checkpoint root
     * @param target its final name, relative to the checkpoint root
     */
    public record StagedFile(String staged, String target, FileDigest digest) {}
}
