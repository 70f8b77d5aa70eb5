package io.tidemark.ops.fuzz;

import io.tidemark.api.connector.LostRange;
import io.tidemark.api.connector.Offset;
import io.tidemark.checkpoint.Checkpoint;
import io.tidemark.checkpoint.ClaimRequest;
import io.tidemark.checkpoint.Ownership;
import io.tidemark.checkpoint.format.BatchCommit;
import io.tidemark.checkpoint.format.BatchPlan;
import io.tidemark.checkpoint.format.CommitMetadata;
import io.tidemark.checkpoint.format.LossRecord;
import io.tidemark.checkpoint.format.OffsetSeqMetadata;
import io.tidemark.checkpoint.format.PlanRecord;
import io.tidemark.checkpoint.format.PreparedBatch;
import io.tidemark.checkpoint.format.SealedPlan;
import io.tidemark.checkpoint.storage.LocalStorage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** A checkpoint of three batches as a query leaves it, without the query: the last one is committed. */
final class SampleCheckpoint {
    static final UUID QUERY = UUID.fromString("0da797f0-6c12-4954-89cf-cea200a87f97");
    static final String ROOT = "/checkpoint";

    private final Checkpoint checkpoint;
    private final Ownership owner;

    private SampleCheckpoint(Path folder) {
        LocalStorage storage =
                LocalStorage.create().withTemporaryDirectory(folder.toString(), folder + "/_tidemark/tmp");
        checkpoint = Checkpoint.open(storage, folder.toString());
        owner = checkpoint.claim(new ClaimRequest("host-1", 42, 1795146730035L, "attempt-1", false));
        checkpoint.metadataOrCreate(() -> QUERY);
    }

    /** Returns its files, under {@link #ROOT}. */
    static FilesInMemory write(Path folder) {
        SampleCheckpoint sample = new SampleCheckpoint(folder);
        for (long batch = 0; batch < 3; batch++) {
            sample.run(batch);
        }
        sample.checkpoint.close();
        return FilesInMemory.of(folder, ROOT);
    }

    private void run(long batch) {
        checkpoint.offsets().append(plan(batch));
        checkpoint.sidecar().seal(seal(batch));
        PreparedBatch prepared = prepared(batch);
        checkpoint.sidecar().prepare(prepared);
        if (batch == 1) {
            checkpoint.sidecar().recordLoss(new LossRecord(QUERY, batch, prepared.offsets(), prepared.losses()));
        }
        checkpoint.commits().append(new BatchCommit(batch, prepared.commit()));
    }

    private static BatchPlan plan(long batch) {
        TreeMap<String, String> conf = new TreeMap<>();
        conf.put("spark.sql.shuffle.partitions", "8");
        conf.put("spark.sql.streaming.stateStore.compression.codec", "lz4");
        String offset = "{\"clicks\":{\"1\":" + (batch + 1) * 11 + ",\"0\":" + (batch + 1) * 10 + "}}";
        return new BatchPlan(
                batch,
                new OffsetSeqMetadata(batch * 1000, 1795146730035L + batch, conf),
                List.of(Optional.of(new Offset(offset)), Optional.empty()));
    }

    private SealedPlan seal(long batch) {
        return new SealedPlan(
                QUERY,
                batch,
                owner.epoch(),
                owner.attemptUuid(),
                checkpoint.offsets().digest(batch),
                checkpoint.metadataDigest(),
                batch == 0 ? null : checkpoint.commits().digest(batch - 1),
                List.of(Optional.of("{\"topicIds\":{\"clicks\":\"AAAAAAAAAAAAAAAAAAAAAQ\"}}"), Optional.empty()),
                new PlanRecord(
                        List.of(new PlanRecord.SourceRecord("kafka", "Subscribe[clicks]")),
                        List.of(new PlanRecord.OperatorRecord(0, "stateStoreSave", "{}", "{}", "event_time", 600_000)),
                        "Append",
                        "Asia/Kathmandu",
                        true));
    }

    private PreparedBatch prepared(long batch) {
        TreeMap<String, Long> rows = new TreeMap<>();
        rows.put("numInputRows", 10L);
        TreeMap<Long, List<List<String>>> ids = new TreeMap<>();
        ids.put(0L, List.of(List.of("5a0f0f5c-1d5c-4c4b-9c85-5f6dd1b8b1d" + batch)));
        return new PreparedBatch(
                QUERY,
                batch,
                0,
                owner.epoch(),
                owner.attemptUuid(),
                checkpoint.offsets().digest(batch),
                List.of(),
                "token \"of\" the sink",
                new CommitMetadata(batch * 1000, ids),
                List.of(7L),
                rows,
                batch == 1 ? List.of(new LostRange("clicks", 0, 3, 5, 2, "expired")) : List.of(),
                "table",
                null);
    }
}
