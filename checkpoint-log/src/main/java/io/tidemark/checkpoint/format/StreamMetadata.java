package io.tidemark.checkpoint.format;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/**
 * The identity of a query for life: key of its idempotence in the sink. Written once, before anything else.
 *
 * @param queryId what Spark calls the id of the streaming query
 */
public record StreamMetadata(UUID queryId) {
    public StreamMetadata {
        requireNonNull(queryId, "queryId");
    }
}
