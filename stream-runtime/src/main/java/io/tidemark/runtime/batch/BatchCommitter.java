package io.tidemark.runtime.batch;

import io.tidemark.api.connector.Sink;
import io.tidemark.api.types.Identifiers;
import io.tidemark.checkpoint.StagedFiles;
import io.tidemark.checkpoint.format.BatchCommit;
import io.tidemark.checkpoint.format.CommitMetadata;
import io.tidemark.checkpoint.format.LossRecord;
import io.tidemark.checkpoint.format.PreparedBatch;
import io.tidemark.state.StagedState;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Makes a computed batch final: {@code prepared/N}, the final names of the state files, the sink's transaction, what was lost,
 * {@code commits/N}, in this order. Each step can be repeated, so a later run finishes what this one leaves.
 */
final class BatchCommitter {
    private final QueryParts parts;
    private final QueryState queryState;
    private final StagedFiles files;

    BatchCommitter(QueryParts parts, QueryState queryState, StagedFiles files) {
        this.parts = parts;
        this.queryState = queryState;
        this.files = files;
    }

    /** A prepared batch and the hash of its file. */
    record Prepared(PreparedBatch batch, String hash) {}

    /**
     * Publishes what is left to do for the batch. From here on any run can finish it without its source.
     *
     * @param attempt k of {@code prepared/N.k}: 0 unless staged files of an earlier one were lost
     */
    Prepared prepare(BatchSlice slice, BatchRunner.Outcome outcome, LoopState state, int attempt) {
        TreeMap<String, Long> counts = new TreeMap<>();
        for (int k = 0; k < outcome.inputRows().size(); k++) {
            counts.put("input." + k, outcome.inputRows().get(k));
        }
        counts.put("output", outcome.outputRows());
        PreparedBatch prepared = new PreparedBatch(
                parts.queryId(),
                slice.batchId(),
                attempt,
                parts.ownership().epoch(),
                parts.ownership().attemptUuid(),
                parts.checkpoint().offsets().digest(slice.batchId()),
                QueryState.announced(outcome.states()),
                outcome.token(),
                queryState.commit(state.watermarks().global(), outcome.states()),
                new ArrayList<>(state.watermarks().operatorValues().values()),
                counts,
                outcome.losses(),
                parts.sink().tableId().orElse(null),
                null);
        parts.ownership().verify();
        return new Prepared(prepared, parts.checkpoint().sidecar().prepare(prepared));
    }

    /** Gives the state files of a prepared batch their final names. What has its name is left alone. */
    void publishState(PreparedBatch prepared) {
        if (!prepared.stateFiles().isEmpty()) {
            parts.ownership().verify();
            files.publish(prepared.stateFiles());
        }
    }

    /** As {@link #publishState(PreparedBatch)}, for a batch that the sink got from elsewhere. */
    void publishState(List<StagedState> states) {
        if (!states.isEmpty()) {
            parts.ownership().verify();
            files.publish(QueryState.announced(states));
        }
    }

    /** Hands a prepared batch to the sink. Does nothing there if the sink holds it. */
    void commitSink(BatchSlice slice, Prepared prepared) {
        String token = prepared.batch().sinkToken();
        if (token == null) {
            return;
        }
        parts.ownership().verify();
        parts.sink()
                .commit(new Sink.CommitRequest(
                        slice.batchId(),
                        token,
                        parts.ownership().epoch(),
                        parts.ownership().attemptUuid(),
                        prepared.hash(),
                        ranges(slice)));
    }

    /** Writes {@code loss/N}, if something was lost, and {@code commits/N}. */
    void commitLog(BatchSlice slice, PreparedBatch prepared) {
        if (!prepared.losses().isEmpty()) {
            parts.checkpoint()
                    .sidecar()
                    .recordLoss(
                            new LossRecord(parts.queryId(), slice.batchId(), prepared.offsets(), prepared.losses()));
        }
        commitLog(slice.batchId(), prepared.commit());
    }

    /** Writes {@code commits/N}. */
    void commitLog(long batchId, CommitMetadata metadata) {
        parts.ownership().verify();
        parts.checkpoint().commits().append(new BatchCommit(batchId, metadata));
    }

    /** What the batch read, for people who look at the table's history. */
    private String ranges(BatchSlice slice) {
        List<String> sources = new ArrayList<>();
        for (int k = 0; k < slice.ends().size(); k++) {
            String source = Identifiers.jsonString(parts.sources().get(k).description());
            sources.add("{\"source\":" + source + ",\"startOffset\":"
                    + slice.starts().get(k).map(o -> o.json()).orElse("null") + ",\"endOffset\":"
                    + slice.ends().get(k).map(o -> o.json()).orElse("null") + "}");
        }
        return "[" + String.join(",", sources) + "]";
    }
}
