package io.tidemark.api.connector;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * One source of a running query. The loop calls everything but {@link #reader} on one thread; readers run on task
 * threads. Offsets belong to the checkpoint: a source remembers nothing that a restart would need, but what it keeps in
 * its {@link SourceContext#directory}.
 *
 * <p>A call that talks to the outside has a deadline and ends with an error of its own, never hangs.
 */
public interface Source extends AutoCloseable {
    /** Returns the text that progress shows, for instance {@code KafkaV2[Subscribe[clicks]]}. */
    String description();

    /**
     * Checks that what a fresh query wants to read is there (the topic exists, the starting offsets make sense), before
     * the checkpoint is made. Reads only, writes nothing.
     */
    default void validate() {}

    /**
     * Returns where a fresh query starts. Called only while the log holds no offset for this source. What it resolved is
     * durable in the source's directory on return, so each later call gives the same.
     */
    Offset initialOffset();

    /**
     * Returns how far the next batch should read, or empty if the source has no offset at all yet. Everything that can be
     * known to be lost between {@code start} and the answer is found here, before the batch is planned, and either ends
     * the query or is reported by {@link Plan#losses}.
     */
    Optional<Offset> latestOffset(Offset start, ReadLimit limit);

    /** Returns the end of everything there is, for progress only; empty if that is not known. */
    default Optional<Offset> reportLatestOffset() {
        return Optional.empty();
    }

    /** Fixes the end of everything there is: later calls of {@link #latestOffset} never go beyond it. */
    void prepareForTriggerAvailableNow();

    /**
     * Splits a batch. The split depends on the two offsets and the options alone, so that a re-run is the same
     * whatever the machine. The order of the partitions is the order of their rows in the result.
     *
     * @param seal what {@link #seal} returned for the same end, or null for a batch without one
     */
    Plan plan(Offset start, Offset end, @Nullable String seal);

    /** Opens a partition of a plan. Called on a task's thread; a retried task opens it anew. */
    PartitionReader reader(InputPartition partition, int attempt);

    /**
     * Returns facts about {@code end} that its JSON has no place for (Kafka: topic ids, leader epochs), as one line of
     * JSON; kept in {@code sealed/N} and given back to {@link #plan} and {@link #resume}.
     */
    default Optional<String> seal(Offset end) {
        return Optional.empty();
    }

    /**
     * Tells the source at a start how far the log has it, so that a source that changed under the checkpoint is found
     * before anything is written.
     */
    default void resume(Offset end, @Nullable String seal) {}

    /**
     * Tells the source that it may begin to fetch from {@code start}: the last batch is being committed. A hint; what
     * was fetched is dropped if the next plan differs.
     */
    default void prefetch(Offset start) {}

    /** Tells the source that everything up to {@code end} is committed and will not be read again. */
    default void commit(Offset end) {}

    /** Returns the source's own metrics after a batch that ended at {@code end}; empty until something is known. */
    SortedMap<String, String> metrics(Offset end);

    /** Ends the source within {@code deadline}, whatever it is doing. */
    void close(Duration deadline);

    @Override
    default void close() {
        close(Duration.ofSeconds(10));
    }

    /**
     * How a batch is read.
     *
     * @param losses ranges that the plan covers and that are known to be gone; empty unless the user allowed loss
     */
    record Plan(List<InputPartition> partitions, List<LostRange> losses) {
        public Plan {
            partitions = List.copyOf(partitions);
            losses = List.copyOf(losses);
        }
    }
}
