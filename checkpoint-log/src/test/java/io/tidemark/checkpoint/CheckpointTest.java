package io.tidemark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.connector.LostRange;
import io.tidemark.api.connector.Offset;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.checkpoint.SidecarCheck.Absent;
import io.tidemark.checkpoint.SidecarCheck.Corrupt;
import io.tidemark.checkpoint.SidecarCheck.Foreign;
import io.tidemark.checkpoint.SidecarCheck.Matches;
import io.tidemark.checkpoint.format.BatchCommit;
import io.tidemark.checkpoint.format.BatchPlan;
import io.tidemark.checkpoint.format.CommitMetadata;
import io.tidemark.checkpoint.format.LossRecord;
import io.tidemark.checkpoint.format.OffsetSeqMetadata;
import io.tidemark.checkpoint.format.PlanRecord;
import io.tidemark.checkpoint.format.PreparedBatch;
import io.tidemark.checkpoint.format.SealedPlan;
import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.checkpoint.storage.ObservedStorage;
import io.tidemark.checkpoint.storage.OperationRecorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    private static final UUID QUERY = UUID.fromString("0da797f0-6c12-4954-89cf-cea200a87f97");

    @TempDir
    Path root;

    private Checkpoint checkpoint;
    private Ownership owner;

    @BeforeEach
    void firstStart() {
        checkpoint = open();
        owner = checkpoint.claim(request("a", false));
        checkpoint.metadataOrCreate(() -> QUERY);
    }

    @Test
    void aFreshDirectoryHasNothingToContinue() {
        CheckpointPosition position = checkpoint.position();
        assertThat(position.latestPlan()).isEmpty();
        assertThat(position.isUnfinished()).isFalse();
        assertThat(position.nextBatchId()).isZero();
        assertThat(owner.epoch()).isOne();
    }

    @Test
    void aRestartFindsTheBatchThatWasPlannedAndNotCommitted() {
        run(0, 1, 2);
        plan(3);
        restart();
        CheckpointPosition position = checkpoint.position();
        assertThat(position.latestPlan().orElseThrow()).isEqualTo(planOf(3));
        assertThat(position.previousPlan().orElseThrow()).isEqualTo(planOf(2));
        assertThat(position.latestCommit().orElseThrow().batchId()).isEqualTo(2);
        assertThat(position.isUnfinished()).isTrue();
        assertThat(position.nextBatchId()).isEqualTo(3);
        assertThat(owner.epoch()).isEqualTo(2);
    }

    @Test
    void aRestartAtABatchBoundaryPlansTheNextBatch() {
        run(0, 1, 2);
        restart();
        assertThat(checkpoint.position().nextBatchId()).isEqualTo(3);
        assertThat(checkpoint.position().isUnfinished()).isFalse();
    }

    @Test
    void nothingOfOursStandsOutsideTheSidecar() throws IOException {
        run(0, 1);
        try (Stream<Path> files = Files.walk(root)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> root.relativize(file).toString()))
                    .containsExactlyInAnyOrder(
                            "metadata",
                            "offsets/0",
                            "offsets/1",
                            "commits/0",
                            "commits/1",
                            "_tidemark/lock",
                            "_tidemark/epoch/1",
                            "_tidemark/sealed/0",
                            "_tidemark/sealed/1",
                            "_tidemark/prepared/0",
                            "_tidemark/prepared/1");
        }
    }

    @Test
    void theSecondPlanUnderOneIdIsRefused() {
        plan(0);
        assertFails(ErrorCode.BATCH_CONFLICT, "offsets/0", () -> plan(0));
    }

    @Test
    void aPlanThatAnotherRunStoredMeanwhileIsAConflict() throws IOException {
        run(0);
        Files.write(root.resolve("offsets/1"), new byte[] {1});
        assertFails(ErrorCode.BATCH_CONFLICT, "another run writes", () -> checkpoint
                .offsets()
                .append(planOf(1)));
    }

    @Test
    void missingMetadataIsRefusedIfThereAreBatches() throws IOException {
        run(0);
        Files.delete(root.resolve("metadata"));
        assertFailsAtRestart(ErrorCode.CHECKPOINT_METADATA_MISSING, "metadata");
    }

    @Test
    void anotherQueryIdInMetadataIsNoticed() throws IOException {
        run(0);
        Files.writeString(root.resolve("metadata"), "{\"id\":\"0da797f0-6c12-4954-89cf-cea200a87f98\"}");
        assertFailsAtRestart(ErrorCode.CHECKPOINT_FILE_CORRUPT, "it belongs to query " + QUERY);
    }

    @Test
    void commitsWithoutOffsetsAreRefused() throws IOException {
        run(0);
        Files.delete(root.resolve("offsets/0"));
        assertFailsAtRestart(ErrorCode.CHECKPOINT_NOT_EMPTY, "offsets");
    }

    @Test
    void aHoleInTheOffsetsIsRefused() throws IOException {
        run(0, 1, 2);
        Files.delete(root.resolve("offsets/1"));
        assertFailsAtRestart(ErrorCode.CHECKPOINT_GAP, "offsets/1");
    }

    @Test
    void aBatchMissingFromBothLogsIsAHoleIfWeSealedIt() throws IOException {
        run(0, 1, 2);
        Files.delete(root.resolve("offsets/1"));
        Files.delete(root.resolve("commits/1"));
        assertFailsAtRestart(ErrorCode.CHECKPOINT_GAP, "_tidemark/sealed/1 shows that it was written");
    }

    @Test
    void aLogWithTheHolesOfAsynchronousProgressIsReadAsSparkReadsIt() throws IOException {
        run(0, 1, 2);
        for (String file : List.of("offsets/1", "commits/1", "_tidemark/sealed/1", "_tidemark/sealed/2")) {
            Files.delete(root.resolve(file));
        }
        Files.delete(root.resolve("commits/2"));
        restart();
        assertThat(checkpoint.position().previousPlan().orElseThrow().batchId()).isZero();
        assertThat(checkpoint.position().nextBatchId()).isEqualTo(2);
    }

    @Test
    void aHoleInTheCommitsIsRefused() throws IOException {
        run(0, 1, 2);
        Files.delete(root.resolve("commits/1"));
        assertFailsAtRestart(ErrorCode.CHECKPOINT_GAP, "commits/1");
    }

    @Test
    void aCommitAheadOfTheOffsetsIsRefused() throws IOException {
        run(0, 1, 2);
        Files.delete(root.resolve("offsets/2"));
        assertFailsAtRestart(ErrorCode.CHECKPOINT_GAP, "offsets/2");
    }

    @Test
    void aMissingStartOfTheNewestBatchIsRefused() throws IOException {
        run(0);
        plan(1);
        Files.delete(root.resolve("offsets/0"));
        Files.delete(root.resolve("commits/0"));
        assertFailsAtRestart(ErrorCode.CHECKPOINT_GAP, "it says where batch 1 starts");
    }

    @Test
    void namesThatSparkWouldTakeForBatchesAreRefused() throws IOException {
        run(0);
        for (String name : List.of("+7", "007", "-1")) {
            Path odd = Files.write(root.resolve("offsets").resolve(name), new byte[0]);
            assertFailsAtRestart(ErrorCode.CHECKPOINT_FILE_CORRUPT, "offsets/" + name);
            Files.delete(odd);
        }
        Files.write(root.resolve("offsets/.4.72242828-03f1-4810-ba80-b2c23bced27f.tmp"), new byte[0]);
        Files.createDirectory(root.resolve("offsets/9"));
        restart();
        assertThat(checkpoint.position().nextBatchId()).isOne();
    }

    @Test
    void aTornCommitIsNoticedThroughTheSidecarAndOtherwiseAcceptedAsSparkDoes() throws IOException {
        run(0);
        Files.writeString(root.resolve("commits/0"), "v1\n");
        assertFailsAtRestart(ErrorCode.CHECKPOINT_FILE_CORRUPT, "commits/0");
        Files.delete(root.resolve("_tidemark/prepared/0"));
        assertFailsAtRestart(ErrorCode.CHECKPOINT_FILE_CORRUPT, "commits/0");
        Files.delete(root.resolve("_tidemark/sealed/0"));
        restart();
        assertThat(checkpoint.position().latestCommit().orElseThrow().metadata())
                .isEqualTo(new CommitMetadata(0));
    }

    @Test
    void everyFlippedBitOfTheNewestControlFilesStopsTheStart() throws IOException {
        run(0);
        plan(1);
        for (String name : List.of("metadata", "offsets/0", "offsets/1", "commits/0", "_tidemark/sealed/1")) {
            Path file = root.resolve(name);
            byte[] whole = Files.readAllBytes(file);
            for (int bit = 0; bit < whole.length * 8; bit += 7) {
                byte[] flipped = whole.clone();
                flipped[bit / 8] ^= (byte) (1 << (bit % 8));
                Files.write(file, flipped);
                assertThatThrownBy(this::readPosition)
                        .as("bit %d of %s", bit, name)
                        .isInstanceOf(TidemarkException.class);
            }
            Files.write(file, whole);
        }
        readPosition();
    }

    @Test
    void everyTruncationOfAControlFileStopsTheStart() throws IOException {
        run(0);
        plan(1);
        for (String name : List.of("metadata", "offsets/0", "offsets/1", "commits/0", "_tidemark/sealed/1")) {
            Path file = root.resolve(name);
            byte[] whole = Files.readAllBytes(file);
            for (int length = 0; length < whole.length; length++) {
                Files.write(file, java.util.Arrays.copyOf(whole, length));
                assertThatThrownBy(this::readPosition)
                        .as("%d bytes of %s", length, name)
                        .isInstanceOf(TidemarkException.class)
                        .hasMessageNotContaining("null");
            }
            Files.write(file, whole);
        }
    }

    @Test
    void aBatchOfAnotherEngineHasNoSidecarAndIsReadByItsRules() throws IOException {
        run(0, 1);
        try (Stream<Path> files = Files.walk(root.resolve("_tidemark/sealed"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        restart();
        assertThat(checkpoint.position().nextBatchId()).isEqualTo(2);
        assertThat(checkpoint.sidecar().sealed(1)).isEqualTo(new Absent<SealedPlan>());
    }

    @Test
    void preparedOfAnotherPastIsForeignAndCanBeSetAside() throws IOException {
        run(0);
        plan(1);
        checkpoint.sidecar().prepare(prepared(1, 0));
        Files.writeString(root.resolve("offsets/1"), "v1\n{}\n{\"logOffset\":99}");
        restart(); // the new object has not seen the old bytes
        SidecarCheck<PreparedBatch> check = checkpoint.sidecar().prepared(1);
        assertThat(check).isInstanceOf(Foreign.class);
        assertThat(((Foreign<PreparedBatch>) check).reason()).contains("made for another offsets/1");
        List<String> moved = checkpoint.sidecar().setPreparedAside(1);
        assertThat(moved).containsExactly(root + "/_tidemark/stale/prepared-1");
        assertThat(checkpoint.sidecar().prepared(1)).isEqualTo(new Absent<PreparedBatch>());
    }

    @Test
    void theHighestAttemptIsTheBatch() {
        plan(0);
        String hash = checkpoint.sidecar().prepare(prepared(0, 0));
        assertThat(hash).matches("[0-9a-f]{64}");
        for (int attempt = 1; attempt <= 10; attempt++) {
            checkpoint.sidecar().prepare(prepared(0, attempt));
        }
        assertThat(checkpoint.sidecar().prepared(0))
                .isInstanceOfSatisfying(
                        Matches.class, matches -> assertThat(matches.value()).isEqualTo(prepared(0, 10)));
        assertFails(ErrorCode.BATCH_CONFLICT, "is the batch", () -> checkpoint
                .sidecar()
                .prepare(prepared(0, 0)));
    }

    @Test
    void aTornPreparedIsCorruptNotAbsent() throws IOException {
        plan(0);
        checkpoint.sidecar().prepare(prepared(0, 0));
        Path file = root.resolve("_tidemark/prepared/0");
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length += 5) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThat(checkpoint.sidecar().prepared(0)).isInstanceOf(Corrupt.class);
        }
    }

    @Test
    void sidecarsAboveTheNewestPlanAreSetAside() throws IOException {
        run(0, 1);
        Files.delete(root.resolve("commits/1"));
        Files.delete(root.resolve("offsets/1"));
        restart();
        assertThat(checkpoint.sidecar().setOrphansAside(0))
                .containsExactly(root + "/_tidemark/stale/sealed-1", root + "/_tidemark/stale/prepared-1");
        plan(1);
        assertThat(checkpoint.position().nextBatchId()).isOne();
    }

    @Test
    void purgeKeepsAsManyBatchesAsSparkAndListsNothing() throws IOException {
        for (int batch = 0; batch <= 12; batch++) {
            run(batch);
            checkpoint.purge(batch, 2);
        }
        for (String directory : List.of("offsets", "commits", "_tidemark/sealed", "_tidemark/prepared")) {
            assertThat(names(directory)).as(directory).containsExactly("10", "11", "12");
        }
        restart();
        run(13);
        checkpoint.purge(13, 2);
        assertThat(names("offsets")).containsExactly("11", "12", "13");
        assertThat(names("_tidemark/prepared")).containsExactly("11", "12", "13");
        assertThat(checkpoint.position().nextBatchId()).isEqualTo(14);
    }

    @Test
    void aPurgeThatDiedHalfWayLeavesAReadableLog() throws IOException {
        run(0, 1, 2, 3, 4);
        for (String gone : List.of("offsets/0", "offsets/1", "offsets/2", "commits/0")) {
            Files.delete(root.resolve(gone));
            restart();
            assertThat(checkpoint.position().nextBatchId()).as(gone).isEqualTo(5);
        }
        checkpoint.purge(4, 1);
        assertThat(names("commits")).containsExactly("3", "4");
        assertThat(names("_tidemark/sealed")).containsExactly("3", "4");
    }

    @Test
    void lossesAreRecordedOnceAndStay() {
        run(0, 1, 2, 3);
        LossRecord loss = new LossRecord(
                QUERY, 1, checkpoint.offsets().digest(1), List.of(new LostRange("clicks", 2, 5, 9, 4, "expired")));
        checkpoint.sidecar().recordLoss(loss);
        checkpoint.sidecar().recordLoss(loss);
        checkpoint.purge(3, 1);
        assertThat(checkpoint.sidecar().losses()).containsExactly(loss);
    }

    @Test
    void aBatchTakesFourControlFilesAndNoListing() {
        OperationRecorder recorder = new OperationRecorder();
        LocalStorage local = LocalStorage.create().withTemporaryDirectory(root.toString(), root + "/_tidemark/tmp");
        owner.close();
        checkpoint.close();
        checkpoint = Checkpoint.open(new ObservedStorage(local, recorder), root.toString());
        owner = checkpoint.claim(request("recorded", false));
        int before = recorder.operations().size();
        run(0);
        checkpoint.purge(0, 100);
        assertThat(recorder.operations().subList(before, recorder.operations().size()))
                .extracting(OperationRecorder.Operation::toString)
                .map(text -> text.replaceAll(" \\(.*", "").replace(root.toString(), ""))
                .containsExactly(
                        "createExclusive /offsets/0",
                        "createExclusive /_tidemark/sealed/0",
                        "createExclusive /_tidemark/prepared/0",
                        "createExclusive /commits/0");
    }

    private List<String> names(String directory) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(directory))) {
            return files.map(file -> file.getFileName().toString())
                    .sorted((a, b) -> Integer.compare(Integer.parseInt(a), Integer.parseInt(b)))
                    .toList();
        }
    }

    private Checkpoint open() {
        return Checkpoint.open(
                LocalStorage.create().withTemporaryDirectory(root.toString(), root + "/_tidemark/tmp"),
                root.toString());
    }

    private static ClaimRequest request(String attempt, boolean takeOver) {
        return new ClaimRequest("host-1", 42, 1795146730035L, attempt, takeOver);
    }

    private void restart() {
        checkpoint.close();
        checkpoint = open();
        owner = checkpoint.claim(request("restart", false));
    }

    private void readPosition() {
        open().position();
    }

    private void assertFailsAtRestart(ErrorCode code, String text) {
        restart();
        assertFails(code, text, () -> checkpoint.position());
    }

    private static void assertFails(
            ErrorCode code, String text, org.assertj.core.api.ThrowableAssert.ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(text);
    }

    private void run(long... batches) {
        for (long batch : batches) {
            plan(batch);
            checkpoint.sidecar().prepare(prepared(batch, 0));
            owner.verify();
            checkpoint.commits().append(new BatchCommit(batch, new CommitMetadata(batch * 1000)));
        }
    }

    private void plan(long batch) {
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

    private static BatchPlan planOf(long batch) {
        TreeMap<String, String> conf = new TreeMap<>();
        conf.put("spark.sql.shuffle.partitions", "8");
        return new BatchPlan(
                batch,
                new OffsetSeqMetadata(batch * 1000, 1795146730035L + batch, conf),
                List.of(Optional.of(new Offset("{\"clicks\":{\"0\":" + (batch + 1) * 10 + "}}")), Optional.empty()));
    }

    private PreparedBatch prepared(long batch, int attempt) {
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
}
