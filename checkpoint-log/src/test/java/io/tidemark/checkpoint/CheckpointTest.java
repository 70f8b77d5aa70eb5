package io.tidemark.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.connector.LostRange;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.checkpoint.SidecarCheck.Absent;
import io.tidemark.checkpoint.SidecarCheck.Corrupt;
import io.tidemark.checkpoint.SidecarCheck.Foreign;
import io.tidemark.checkpoint.SidecarCheck.Matches;
import io.tidemark.checkpoint.format.CommitMetadata;
import io.tidemark.checkpoint.format.LossRecord;
import io.tidemark.checkpoint.format.PreparedBatch;
import io.tidemark.checkpoint.format.SealedPlan;
import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.checkpoint.storage.ObservedStorage;
import io.tidemark.checkpoint.storage.OperationRecorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    private static final UUID QUERY = CheckpointFixture.QUERY;

    @TempDir
    Path root;

    private CheckpointFixture query;

    @BeforeEach
    void firstStart() {
        query = new CheckpointFixture(root);
    }

    private Checkpoint checkpoint() {
        return query.checkpoint;
    }

    @Test
    void aFreshDirectoryHasNothingToContinue() {
        CheckpointPosition position = checkpoint().position();
        assertThat(position.latestPlan()).isEmpty();
        assertThat(position.isUnfinished()).isFalse();
        assertThat(position.nextBatchId()).isZero();
        assertThat(query.owner.epoch()).isOne();
    }

    @Test
    void aRestartFindsTheBatchThatWasPlannedAndNotCommitted() {
        query.run(0, 1, 2);
        query.plan(3);
        query.restart();
        CheckpointPosition position = checkpoint().position();
        assertThat(position.latestPlan().orElseThrow()).isEqualTo(CheckpointFixture.planOf(3));
        assertThat(position.previousPlan().orElseThrow()).isEqualTo(CheckpointFixture.planOf(2));
        assertThat(position.latestCommit().orElseThrow().batchId()).isEqualTo(2);
        assertThat(position.isUnfinished()).isTrue();
        assertThat(position.nextBatchId()).isEqualTo(3);
        assertThat(query.owner.epoch()).isEqualTo(2);
    }

    @Test
    void aRestartAtABatchBoundaryPlansTheNextBatch() {
        query.run(0, 1, 2);
        query.restart();
        assertThat(checkpoint().position().nextBatchId()).isEqualTo(3);
        assertThat(checkpoint().position().isUnfinished()).isFalse();
    }

    @Test
    void whatWasSeenBeforeTheClaimCountsNoMore(@TempDir Path other) {
        Checkpoint late = Checkpoint.open(LocalStorage.create(), other.toString());
        assertThat(late.metadata()).isEmpty();
        CheckpointFixture before = new CheckpointFixture(other);
        before.run(0, 1);
        before.checkpoint.close();

        late.claim(CheckpointFixture.request("late"));

        assertThat(late.metadataOrCreate(UUID::randomUUID).queryId()).isEqualTo(CheckpointFixture.QUERY);
        assertThat(late.position().nextBatchId()).isEqualTo(2);
        late.close();
    }

    @Test
    void nothingOfOursStandsOutsideTheSidecar() throws IOException {
        query.run(0, 1);
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
        query.plan(0);
        assertFails(ErrorCode.BATCH_CONFLICT, "offsets/0", () -> query.plan(0));
    }

    @Test
    void aPlanThatAnotherRunStoredMeanwhileIsAConflict() throws IOException {
        query.run(0);
        Files.write(root.resolve("offsets/1"), new byte[] {1});
        assertFails(ErrorCode.BATCH_CONFLICT, "another run writes to", () -> checkpoint()
                .offsets()
                .append(CheckpointFixture.planOf(1)));
    }

    @Test
    void missingMetadataIsRefusedIfThereAreBatches() throws IOException {
        query.run(0);
        Files.delete(root.resolve("metadata"));
        assertFailsAtRestart(ErrorCode.CHECKPOINT_METADATA_MISSING, "metadata");
    }

    @Test
    void anotherQueryIdInMetadataIsNoticed() throws IOException {
        query.run(0);
        Files.writeString(root.resolve("metadata"), "{\"id\":\"0da797f0-6c12-4954-89cf-cea200a87f98\"}");
        assertFailsAtRestart(ErrorCode.CHECKPOINT_FILE_CORRUPT, "it belongs to query " + QUERY);
    }

    @Test
    void commitsWithoutOffsetsAreRefused() throws IOException {
        query.run(0);
        Files.delete(root.resolve("offsets/0"));
        assertFailsAtRestart(ErrorCode.CHECKPOINT_NOT_EMPTY, "offsets");
    }

    @Test
    void aHoleInTheOffsetsIsRefused() throws IOException {
        query.run(0, 1, 2);
        Files.delete(root.resolve("offsets/1"));
        assertFailsAtRestart(ErrorCode.CHECKPOINT_GAP, "offsets/1");
    }

    @Test
    void aBatchMissingFromBothLogsIsAHoleIfWeSealedIt() throws IOException {
        query.run(0, 1, 2);
        Files.delete(root.resolve("offsets/1"));
        Files.delete(root.resolve("commits/1"));
        assertFailsAtRestart(ErrorCode.CHECKPOINT_GAP, "_tidemark/sealed/1 shows that it was written");
    }

    @Test
    void aLogWithTheHolesOfAsynchronousProgressIsReadAsSparkReadsIt() throws IOException {
        query.run(0, 1, 2);
        for (String file : List.of("offsets/1", "commits/1", "_tidemark/sealed/1", "_tidemark/sealed/2")) {
            Files.delete(root.resolve(file));
        }
        Files.delete(root.resolve("commits/2"));
        query.restart();
        assertThat(checkpoint().position().previousPlan().orElseThrow().batchId())
                .isZero();
        assertThat(checkpoint().position().nextBatchId()).isEqualTo(2);
    }

    @Test
    void aHoleInTheCommitsIsRefused() throws IOException {
        query.run(0, 1, 2);
        Files.delete(root.resolve("commits/1"));
        assertFailsAtRestart(ErrorCode.CHECKPOINT_GAP, "commits/1");
    }

    @Test
    void aCommitAheadOfTheOffsetsIsRefused() throws IOException {
        query.run(0, 1, 2);
        Files.delete(root.resolve("offsets/2"));
        assertFailsAtRestart(ErrorCode.CHECKPOINT_GAP, "offsets/2");
    }

    @Test
    void aMissingStartOfTheNewestBatchIsRefused() throws IOException {
        query.run(0);
        query.plan(1);
        Files.delete(root.resolve("offsets/0"));
        Files.delete(root.resolve("commits/0"));
        assertFailsAtRestart(ErrorCode.CHECKPOINT_GAP, "it says where batch 1 starts");
    }

    @Test
    void namesThatSparkWouldTakeForBatchesAreRefused() throws IOException {
        query.run(0);
        for (String name : List.of("+7", "007", "-1")) {
            Path odd = Files.write(root.resolve("offsets").resolve(name), new byte[0]);
            assertFailsAtRestart(ErrorCode.CHECKPOINT_FILE_CORRUPT, "offsets/" + name);
            Files.delete(odd);
        }
        Files.write(root.resolve("offsets/.4.72242828-03f1-4810-ba80-b2c23bced27f.tmp"), new byte[0]);
        Files.createDirectory(root.resolve("offsets/9"));
        query.restart();
        assertThat(checkpoint().position().nextBatchId()).isOne();
    }

    @Test
    void aTornCommitIsNoticedThroughTheSidecarAndOtherwiseAcceptedAsSparkDoes() throws IOException {
        query.run(0);
        Files.writeString(root.resolve("commits/0"), "v1\n");
        assertFailsAtRestart(ErrorCode.CHECKPOINT_FILE_CORRUPT, "commits/0");
        Files.delete(root.resolve("_tidemark/prepared/0"));
        assertFailsAtRestart(ErrorCode.CHECKPOINT_FILE_CORRUPT, "commits/0");
        Files.delete(root.resolve("_tidemark/sealed/0"));
        query.restart();
        assertThat(checkpoint().position().latestCommit().orElseThrow().metadata())
                .isEqualTo(new CommitMetadata(0));
    }

    @Test
    void everyFlippedBitOfTheNewestControlFilesStopsTheStart() throws IOException {
        query.run(0);
        query.plan(1);
        for (String name : List.of("metadata", "offsets/0", "offsets/1", "commits/0", "_tidemark/sealed/1")) {
            byte[] whole = Files.readAllBytes(root.resolve(name));
            for (int bit = 0; bit < whole.length * 8; bit += 7) {
                byte[] flipped = whole.clone();
                flipped[bit / 8] ^= (byte) (1 << (bit % 8));
                query.overwrite(name, flipped);
                assertThatThrownBy(this::readPosition)
                        .as("bit %d of %s", bit, name)
                        .isInstanceOf(TidemarkException.class);
            }
            query.overwrite(name, whole);
        }
        readPosition();
    }

    @Test
    void everyTruncationOfAControlFileStopsTheStart() throws IOException {
        query.run(0);
        query.plan(1);
        for (String name : List.of("metadata", "offsets/0", "offsets/1", "commits/0", "_tidemark/sealed/1")) {
            byte[] whole = Files.readAllBytes(root.resolve(name));
            for (int length = 0; length < whole.length; length++) {
                query.overwrite(name, Arrays.copyOf(whole, length));
                assertThatThrownBy(this::readPosition)
                        .as("%d bytes of %s", length, name)
                        .isInstanceOf(TidemarkException.class)
                        .hasMessageNotContaining("null");
            }
            query.overwrite(name, whole);
        }
    }

    @Test
    void aBatchOfAnotherEngineHasNoSidecarAndIsReadByItsRules() throws IOException {
        query.run(0, 1);
        try (Stream<Path> files = Files.walk(root.resolve("_tidemark/sealed"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        query.restart();
        assertThat(checkpoint().position().nextBatchId()).isEqualTo(2);
        assertThat(checkpoint().sidecar().sealed(1)).isEqualTo(new Absent<SealedPlan>());
    }

    @Test
    void preparedOfAnotherPastIsForeignAndCanBeSetAside() throws IOException {
        query.run(0);
        query.plan(1);
        checkpoint().sidecar().prepare(query.prepared(1, 0));
        Files.writeString(root.resolve("offsets/1"), "v1\n{}\n{\"logOffset\":99}");
        query.restart(); // the new object has not seen the old bytes
        SidecarCheck<PreparedBatch> check = checkpoint().sidecar().prepared(1);
        assertThat(check).isInstanceOf(Foreign.class);
        assertThat(((Foreign<PreparedBatch>) check).reason()).contains("made for another offsets/1");
        List<String> moved = checkpoint().sidecar().setPreparedAside(1, () -> {});
        assertThat(moved).containsExactly(root + "/_tidemark/stale/prepared-1");
        assertThat(checkpoint().sidecar().prepared(1)).isEqualTo(new Absent<PreparedBatch>());
        assertThat(checkpoint().sidecar().nextAttempt(1))
                .as("the name is used up")
                .isOne();
        checkpoint().sidecar().prepare(query.prepared(1, 1));
        checkpoint().sidecar().setPreparedAside(1, () -> {});
        query.restart();
        assertThat(checkpoint().sidecar().nextAttempt(1)).isEqualTo(2);
        assertThat(checkpoint().sidecar().nextAttempt(2)).isZero();
    }

    @Test
    void theHighestAttemptIsTheBatch() {
        query.plan(0);
        String hash = checkpoint().sidecar().prepare(query.prepared(0, 0));
        assertThat(hash).matches("[0-9a-f]{64}");
        for (int attempt = 1; attempt <= 10; attempt++) {
            checkpoint().sidecar().prepare(query.prepared(0, attempt));
        }
        assertThat(checkpoint().sidecar().prepared(0))
                .isInstanceOfSatisfying(
                        Matches.class, matches -> assertThat(matches.value()).isEqualTo(query.prepared(0, 10)));
        assertFails(ErrorCode.BATCH_CONFLICT, "is the batch", () -> checkpoint()
                .sidecar()
                .prepare(query.prepared(0, 0)));
    }

    @Test
    void aTornPreparedIsCorruptNotAbsent() throws IOException {
        query.plan(0);
        checkpoint().sidecar().prepare(query.prepared(0, 0));
        String name = "_tidemark/prepared/0";
        byte[] whole = Files.readAllBytes(root.resolve(name));
        for (int length = 0; length < whole.length; length += 5) {
            query.overwrite(name, Arrays.copyOf(whole, length));
            assertThat(checkpoint().sidecar().prepared(0)).isInstanceOf(Corrupt.class);
        }
    }

    @Test
    void sidecarsAboveTheNewestPlanAreSetAside() throws IOException {
        query.run(0, 1);
        Files.delete(root.resolve("commits/1"));
        Files.delete(root.resolve("offsets/1"));
        query.restart();
        assertThat(checkpoint().sidecar().setOrphansAside(0, () -> {}))
                .containsExactly(root + "/_tidemark/stale/sealed-1", root + "/_tidemark/stale/prepared-1");
        query.plan(1);
        assertThat(checkpoint().position().nextBatchId()).isOne();
    }

    @Test
    void whatDeadAttemptsStagedIsRemovedByTheOwnerAlone() throws IOException {
        query.run(0);
        query.plan(1);
        for (String file : List.of("0/0/1.changelog", "1/0/2.changelog", "1/1/2.changelog", "2/0/3.changelog")) {
            stage(file);
        }
        Runnable fencedOff = () -> {
            throw new TidemarkException(ErrorCode.WRITER_FENCED, "a later run owns the checkpoint");
        };
        assertFails(ErrorCode.WRITER_FENCED, "a later run", () -> checkpoint()
                .sidecar()
                .removeStagedAttempts(1, fencedOff));
        assertFails(ErrorCode.WRITER_FENCED, "a later run", () -> checkpoint()
                .sidecar()
                .removeStagedThrough(0, fencedOff));
        assertThat(names("_tidemark/staged/1")).containsExactly("0", "1");

        // A later owner that staged between our look and our question loses nothing.
        checkpoint().sidecar().removeStagedAttempts(1, () -> stage("1/7/2.changelog"));
        assertThat(names("_tidemark/staged/1")).containsExactly("7");

        checkpoint().sidecar().removeStagedThrough(1, () -> {});
        assertThat(names("_tidemark/staged")).containsExactly("2");
    }

    @Test
    void purgeKeepsAsManyBatchesAsSparkAndListsNothing() throws IOException {
        for (int batch = 0; batch <= 12; batch++) {
            query.run(batch);
            checkpoint().purge(batch, 2);
        }
        for (String directory : List.of("offsets", "commits", "_tidemark/sealed", "_tidemark/prepared")) {
            assertThat(names(directory)).as(directory).containsExactly("10", "11", "12");
        }
        query.restart();
        query.run(13);
        checkpoint().purge(13, 2);
        assertThat(names("offsets")).containsExactly("11", "12", "13");
        assertThat(names("_tidemark/prepared")).containsExactly("11", "12", "13");
        assertThat(checkpoint().position().nextBatchId()).isEqualTo(14);
    }

    @Test
    void aPurgeThatDiedHalfWayLeavesAReadableLog() throws IOException {
        query.run(0, 1, 2, 3, 4);
        for (String gone : List.of("offsets/0", "offsets/1", "offsets/2", "commits/0")) {
            Files.delete(root.resolve(gone));
            query.restart();
            assertThat(checkpoint().position().nextBatchId()).as(gone).isEqualTo(5);
        }
        checkpoint().purge(4, 1);
        assertThat(names("commits")).containsExactly("3", "4");
        assertThat(names("_tidemark/sealed")).containsExactly("3", "4");
    }

    @Test
    void lossesAreRecordedOnceAndStay() {
        query.run(0, 1, 2, 3);
        LossRecord loss = new LossRecord(
                QUERY, 1, checkpoint().offsets().digest(1), List.of(new LostRange("clicks", 2, 5, 9, 4, "expired")));
        checkpoint().sidecar().recordLoss(loss);
        checkpoint().sidecar().recordLoss(loss);
        checkpoint().purge(3, 1);
        assertThat(checkpoint().sidecar().losses()).containsExactly(loss);
    }

    @Test
    void aBatchTakesFourControlFilesAndNoListing() {
        OperationRecorder recorder = new OperationRecorder();
        query.owner.close();
        query.checkpoint = Checkpoint.open(new ObservedStorage(query.storage(), recorder), root.toString());
        query.owner = query.checkpoint.claim(CheckpointFixture.request("recorded"));
        int before = recorder.operations().size();
        query.run(0);
        query.checkpoint.purge(0, 100);
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

    private void readPosition() {
        Checkpoint.open(query.storage(), root.toString()).position();
    }

    private void stage(String name) {
        Path file = root.resolve("_tidemark/staged").resolve(name);
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, new byte[] {1});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertFailsAtRestart(ErrorCode code, String text) {
        query.restart();
        assertFails(code, text, () -> checkpoint().position());
    }

    private static void assertFails(ErrorCode code, String text, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(text);
    }
}
