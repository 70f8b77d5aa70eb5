package io.tidemark.checkpoint.format;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code _tidemark/sealed/N}: vouches for {@code offsets/N} and what stood before it, and keeps what Spark's format has
 * no room for. Written after {@code offsets/N}, before the batch reads.
 *
 * @param offsets digest of {@code offsets/N}
 * @param metadata digest of {@code metadata}
 * @param previousCommit digest of {@code commits/N-1}; null for batch 0
 * @param sourceSeals per source occurrence, what {@link io.tidemark.api.connector.Source#seal} said of the end offset
 * @param plan what a restart must find unchanged
 * @param sink where the batch goes; null if the sink cannot be found without the query, and in files from before this was
 *     written down
 */
public record SealedPlan(
        UUID queryId,
        long batchId,
        long epoch,
        String attemptUuid,
        FileDigest offsets,
        FileDigest metadata,
        @Nullable FileDigest previousCommit,
        List<Optional<String>> sourceSeals,
        PlanRecord plan,
        @Nullable SinkRecord sink) {
    public SealedPlan {
        sourceSeals = List.copyOf(sourceSeals);
    }

    /** A plan whose sink cannot be found without the query. */
    public SealedPlan(
            UUID queryId,
            long batchId,
            long epoch,
            String attemptUuid,
            FileDigest offsets,
            FileDigest metadata,
            @Nullable FileDigest previousCommit,
            List<Optional<String>> sourceSeals,
            PlanRecord plan) {
        this(queryId, batchId, epoch, attemptUuid, offsets, metadata, previousCommit, sourceSeals, plan, null);
    }

    /**
     * Where a sink is found.
     *
     * @param format of its provider, for instance {@code delta}
     * @param location as {@link io.tidemark.api.connector.Sink#location} says
     */
    public record SinkRecord(String format, String location) {}
}
