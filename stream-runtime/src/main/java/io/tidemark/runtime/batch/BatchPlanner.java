package io.tidemark.runtime.batch;

import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.ReadLimit;
import io.tidemark.api.connector.Source;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.format.BatchPlan;
import io.tidemark.checkpoint.format.OffsetSeqMetadata;
import io.tidemark.checkpoint.format.SealedPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides what the next batch covers and makes that durable before a row is read. */
final class BatchPlanner {
    private final QueryParts parts;
    private final QueryLife life;
    private final ProgressReporter reporter;

    BatchPlanner(QueryParts parts, QueryLife life, ProgressReporter reporter) {
        this.parts = parts;
        this.life = life;
        this.reporter = reporter;
    }

    /**
     * Asks the sources how far to read and, if that is further than the last batch (or an operator wants a batch
     * without data), writes {@code offsets/N} and {@code sealed/N}.
     *
     * @return the batch to run, or empty if there is nothing to do
     */
    Optional<BatchSlice> planNext(LoopState state, ReadLimit limit) throws InterruptedException {
        List<Optional<Offset>> starts = new ArrayList<>();
        List<Optional<Offset>> ends = new ArrayList<>();
        boolean newData = false;
        for (int k = 0; k < parts.sources().size(); k++) {
            Source source = parts.sources().get(k);
            Optional<Offset> committed = state.committed().get(k);
            life.say("Getting offsets from " + source.description());
            Bounds bounds = reporter.timed(
                    "latestOffset",
                    () -> life.interruptibly(() -> {
                        Offset start = committed.isPresent() ? committed.get() : source.initialOffset();
                        return new Bounds(start, source.latestOffset(start, limit));
                    }));
            Optional<Offset> end = bounds.end.or(() -> committed);
            starts.add(Optional.of(bounds.start));
            ends.add(end);
            newData |= end.isPresent() && !end.equals(committed);
        }
        if (!newData && !(state.noDataBatchWanted() && parts.conf().noDataBatches())) {
            return Optional.empty();
        }
        OffsetSeqMetadata metadata =
                new OffsetSeqMetadata(state.watermarks().global(), parts.time().currentTimeMillis(), state.conf());
        life.say("Writing offsets to log", newData, true);
        return Optional.of(reporter.timed("walCommit", () -> write(state, metadata, starts, ends)));
    }

    private record Bounds(Offset start, Optional<Offset> end) {}

    private BatchSlice write(
            LoopState state, OffsetSeqMetadata metadata, List<Optional<Offset>> starts, List<Optional<Offset>> ends) {
        long batchId = state.nextBatchId();
        List<Optional<String>> seals = sealsOf(ends);
        BatchPlan plan = new BatchPlan(
                batchId,
                metadata,
                parts.plan().leafSources().stream().map(ends::get).toList());
        parts.ownership().verify();
        parts.checkpoint().offsets().append(plan);
        seal(plan, seals);
        for (int k = 0; k < parts.sources().size(); k++) {
            Source source = parts.sources().get(k);
            state.committed().get(k).ifPresent(source::commit);
        }
        return new BatchSlice(batchId, metadata, starts, ends, seals);
    }

    /** Asks the sources what the log has no place for, by distinct source. */
    List<Optional<String>> sealsOf(List<Optional<Offset>> ends) {
        List<Optional<String>> seals = new ArrayList<>();
        for (int k = 0; k < ends.size(); k++) {
            Source source = parts.sources().get(k);
            seals.add(ends.get(k).flatMap(source::seal));
        }
        return seals;
    }

    /** Writes {@code sealed/N} for a plan that stands in the log. */
    void seal(BatchPlan plan, List<Optional<String>> seals) {
        Checkpoint checkpoint = parts.checkpoint();
        SealedPlan sealed = new SealedPlan(
                parts.queryId(),
                plan.batchId(),
                parts.ownership().epoch(),
                parts.ownership().attemptUuid(),
                checkpoint.offsets().digest(plan.batchId()),
                checkpoint.metadataDigest(),
                plan.batchId() == 0 ? null : checkpoint.commits().digest(plan.batchId() - 1),
                parts.plan().leafSources().stream().map(seals::get).toList(),
                parts.record(),
                parts.sinkRecord());
        parts.ownership().verify();
        checkpoint.sidecar().seal(sealed);
    }
}
