package io.tidemark.api.connector;

import io.tidemark.api.vector.ColumnBatch;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one partition of a batch as columns. Used by one thread. */
public interface PartitionReader extends AutoCloseable {
    /**
     * Returns the next rows with the columns of {@link SourceContext#requiredSchema}, or null at the end. The batch
     * stays valid after further calls. Where batches are cut must not depend on timing.
     */
    @Nullable
    ColumnBatch next() throws IOException, InterruptedException;

    /** Returns what turned out to be lost while reading; complete after {@link #next} returned null. */
    default List<LostRange> losses() {
        return List.of();
    }

    @Override
    void close();
}
