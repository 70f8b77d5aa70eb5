package io.tidemark.runtime.batch;

import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.connector.Source;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.Ownership;
import io.tidemark.checkpoint.format.PlanRecord;
import io.tidemark.checkpoint.format.SealedPlan.SinkRecord;
import io.tidemark.runtime.conf.QueryConf;
import io.tidemark.runtime.operator.PhysicalPlan;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Everything a run of a query works with.
 *
 * @param sources by their K
 * @param record what of the plan a later start must find unchanged
 * @param sinkRecord where the sink is found without the query, or null
 * @param newSink whether the sink may lack what was committed: from here on the query has another one
 */
record QueryParts(
        UUID queryId,
        PhysicalPlan plan,
        PlanRecord record,
        QueryConf conf,
        Checkpoint checkpoint,
        Ownership ownership,
        List<Source> sources,
        Sink sink,
        @Nullable SinkRecord sinkRecord,
        boolean newSink,
        TimeSource time) {
    QueryParts {
        sources = List.copyOf(sources);
    }

    /** Returns the attempt that this run makes at a batch. */
    Sink.BatchAttempt attemptAt(long batchId) {
        return new Sink.BatchAttempt(batchId, ownership.epoch(), ownership.attemptUuid());
    }

    /** Tells the sources how far they are read, so that one that changed meanwhile is found before more is planned. */
    void resumeSources(BatchSlice committed) {
        resumeSources(committed.ends(), committed.seals());
    }

    /** As {@link #resumeSources(BatchSlice)}, with what was sealed for these offsets; both by distinct source. */
    void resumeSources(List<Optional<Offset>> offsets, List<Optional<String>> seals) {
        for (int k = 0; k < sources.size(); k++) {
            if (offsets.get(k).isPresent()) {
                sources.get(k).resume(offsets.get(k).get(), seals.get(k).orElse(null));
            }
        }
    }
}
