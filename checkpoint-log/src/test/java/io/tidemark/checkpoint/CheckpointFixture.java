package io.tidemark.checkpoint;

import io.tidemark.api.connector.LostRange;
import io.tidemark.api.connector.Offset;
import io.tidemark.checkpoint.format.BatchCommit;
import io.tidemark.checkpoint.format.BatchPlan;
import io.tidemark.checkpoint.format.CommitMetadata;
import io.tidemark.checkpoint.format.OffsetSeqMetadata;
import io.tidemark.checkpoint.format.PlanRecord;
import io.tidemark.checkpoint.format.PreparedBatch;
import io.tidemark.checkpoint.format.SealedPlan;
import io.tidemark.checkpoint.storage.LocalStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** A query without a query: writes the control files of batches as the loop does. */
final class CheckpointFixture {
    static final UUID QUERY = UUID.fromString("0da797f0-6c12-4954-89cf-cea200a87f97");

    final Path root;
    Checkpoint checkpoint;
    Ownership owner;

    /** Does a first start in {@code root}. */
    CheckpointFixture(Path root) {
        this.root = root;
        this.checkpoint = Checkpoint.open(storage(), root.toString());
        this.owner = checkpoint.claim(request("first"));
        checkpoint.metadataOrCreate(() -> QUERY);
    }

    LocalStorage storage() {
        return LocalStorage.create().withTemporaryDirectory(root.toString(), root + "/_tidemark/tmp");
    }

    static ClaimRequest request(String attempt) {
        return new ClaimRequest("host-1", 42, 1795146730035L, attempt, false);
    }

    void restart() {
        checkpoint.close();
        checkpoint = Checkpoint.open(storage(), root.toString());
        owner = checkpoint.claim(request("restart"));
    }

    /** Plans, seals, prepares and commits. */
    void run(long... batches) {
        for (long batch : batches) {
            plan(batch);
            checkpoint.sidecar().prepare(prepared(batch, 0));
            owner.verify();
            checkpoint.commits().append(new BatchCommit(batch, new CommitMetadata(batch * 1000)));
        }
    }

    /** Plans and seals. */
    void plan(long batch) {
        owner.verify();
        checkpoint.offsets().append(planOf(batch));
        checkpoint
                .sidecar()
                .seal(new SealedPlan(
                        QUERY,
                        batch,
                        owner.epoch(),
                        owner.attemptUuid(),
                        checkpoint.offsets().digest(batch),
                        checkpoint.metadataDigest(),
                        batch == 0 ? null : checkpoint.commits().digest(batch - 1),
                        List.of(Optional.of("{\"ids\":[1]}"), Optional.empty()),
                        new PlanRecord(
                                List.of(new PlanRecord.SourceRecord("kafka", "Subscribe[clicks]")),
                                List.of(),
                                "Append",
                                "Asia/Kathmandu",
                                true)));
    }

    static BatchPlan planOf(long batch) {
        TreeMap<String, String> conf = new TreeMap<>();
        conf.put("spark.sql.shuffle.partitions", "8");
        return new BatchPlan(
                batch,
                new OffsetSeqMetadata(batch * 1000, 1795146730035L + batch, conf),
                List.of(Optional.of(new Offset("{\"clicks\":{\"0\":" + (batch + 1) * 10 + "}}")), Optional.empty()));
    }

    PreparedBatch prepared(long batch, int attempt) {
        TreeMap<String, Long> rows = new TreeMap<>();
        rows.put("numInputRows", 10L);
        return new PreparedBatch(
                QUERY,
                batch,
                attempt,
                owner.epoch(),
                owner.attemptUuid(),
                checkpoint.offsets().digest(batch),
                List.of(),
                "token \"of\" the sink",
                new CommitMetadata(batch * 1000),
                List.of(7L),
                rows,
                List.of(new LostRange("clicks", 0, 3, -1, -1, "recreated")),
                "table",
                null);
    }

    void delete(String... names) throws IOException {
        for (String name : names) {
            Files.delete(root.resolve(name));
        }
    }

    /** Puts other bytes under a name, as a new file: overwriting one in place is slow on some file systems. */
    void overwrite(String name, byte[] content) throws IOException {
        Files.deleteIfExists(root.resolve(name));
        Files.write(root.resolve(name), content);
    }
}
