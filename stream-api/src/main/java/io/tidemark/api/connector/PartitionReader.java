package io.tidemark.api.connector;

import io.tidemark.api.vector.ColumnBatch;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
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

    /**
     * Returns where a row stands in the source, for instance {@code clicks-1 offset 42}, or empty if the source cannot say.
     *
     * @param position in the batch that {@link #next} returned last
     */
    default Optional<String> place(int position) {
        return Optional.empty();
    }

    /** Returns whether the user wants rows that the query cannot use left out, rather than the query to fail. */
    default boolean leavesOut() {
        return false;
    }

    /**
     * A row is left out: it counts among {@link #losses}. Only if {@link #leavesOut}.
     *
     * @param position in the batch that {@link #next} returned last
     * @param why without values of the row
     */
    default void leaveOut(int position, String why) {
        throw new UnsupportedOperationException("this source leaves nothing out");
    }

    @Override
    void close();
}
