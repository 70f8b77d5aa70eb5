package io.tidemark.api.connector;

import io.tidemark.api.TimeSource;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.types.StructType;
import java.util.SortedMap;
import java.util.UUID;

/**
 * What a source is given.
 *
 * @param schema all columns of the source, as {@link SourceProvider#schema} returned them
 * @param requiredSchema the columns the query reads, a subset of {@code schema} in its order: readers return exactly
 *     these; may be empty, then only the number of rows counts
 * @param storage the file layer of the checkpoint
 * @param directory the source's own area, {@code <checkpoint>/sources/K}; the source makes it when it wants it
 * @param conf the session's settings
 * @param parallelism how many tasks can run at once; it must not change how a batch is split
 */
public record SourceContext(
        Options options,
        StructType schema,
        StructType requiredSchema,
        UUID queryId,
        Storage storage,
        String directory,
        TimeSource time,
        SortedMap<String, String> conf,
        int parallelism) {
    /** Leaves out the settings, which hold secrets. */
    @Override
    public String toString() {
        return "SourceContext[" + queryId + ", " + directory + ", " + options + "]";
    }
}
