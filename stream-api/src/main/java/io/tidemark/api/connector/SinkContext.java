package io.tidemark.api.connector;

import io.tidemark.api.TimeSource;
import io.tidemark.api.storage.StorageProvider;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.types.StructType;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a sink is given.
 *
 * @param schema the rows it will get
 * @param queryId the query's identity for life: the idempotence key
 * @param queryName or null
 * @param storages opens the file layer for the sink's own location
 * @param conf the session's settings
 */
public record SinkContext(
        Options options,
        StructType schema,
        List<String> partitionBy,
        OutputMode outputMode,
        UUID queryId,
        @Nullable String queryName,
        StorageProvider storages,
        TimeSource time,
        SortedMap<String, String> conf) {
    public SinkContext {
        partitionBy = List.copyOf(partitionBy);
    }

    /** Leaves out the settings, which hold secrets. */
    @Override
    public String toString() {
        return "SinkContext[" + queryId + ", " + queryName + ", " + options + "]";
    }
}
