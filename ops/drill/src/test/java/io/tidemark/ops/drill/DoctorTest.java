package io.tidemark.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.storage.StorageLock;
import io.tidemark.checkpoint.storage.LocalStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * An ailment each: a real checkpoint is damaged, the start refuses, the doctor says so and changes nothing, the repair is
 * done, the query starts, and the table holds every row once.
 */
class DoctorTest {
    private static final String TOPIC = "ailing";
    private static final int ROWS = 300;

    @TempDir
    static Path shared;

    @RegisterExtension
    static final TestBroker BROKER = new TestBroker();

    /** Ran three batches, {@code 0} to {@code 2}, all committed. */
    private static Scene sound;

    @TempDir
    Path directory;

    @BeforeAll
    static void runThreeBatches() throws IOException {
        BROKER.topics().create(TOPIC, 2);
        BROKER.send(TOPIC, 2, 0, ROWS);
        sound = new Scene(shared.resolve("sound"), BROKER.bootstrapServers(), TOPIC);
        sound.run().isFine();
    }

    private Patient patient() throws IOException {
        Path home = directory.resolve("patient");
        return new Patient(sound.copyTo(home).edit("${DIR}/table", home + "/table"), ROWS);
    }

    /** Batch 2 is planned and prepared, and the table has not got it. */
    private Patient undelivered() throws IOException {
        return patient().without("commits/2").withoutDelivery(2);
    }

    @Test
    void aHealthyCheckpointNeedsNothing() throws IOException {
        Patient patient = patient();
        SortedMap<String, String> before = patient.scene().tree();

        Answer said = patient.doctor();

        assertThat(said.exitCode()).as(said.toString()).isZero();
        assertThat(said.out()).contains("nothing to do: a start plans batch 3").contains("holds batches up to 2");
        assertThat(patient.doctor("--apply").exitCode()).isZero();
        assertThat(patient.scene().tree()).isEqualTo(before);
    }

    @Test
    void aTornPlanThatTheTableDoesNotHoldIsMadeAnew() throws IOException {
        Patient patient = undelivered().torn("offsets/2");

        patient.heals(
                "TM-3002 CHECKPOINT_FILE_CORRUPT",
                "set aside offsets/2",
                "set aside _tidemark/sealed/2",
                "holds batches up to 1");
    }

    @Test
    void anEmptyPlanWithoutWitnessesIsMadeAnew() throws IOException {
        Patient patient = undelivered()
                .without("_tidemark/sealed/2", "_tidemark/prepared/2")
                .with("offsets/2", "");

        patient.heals("TM-3002 CHECKPOINT_FILE_CORRUPT", "set aside offsets/2", "there is no commits/2");
    }

    @Test
    void anAlteredPlanThatTheTableDoesNotHoldIsMadeAnew() throws IOException {
        Patient patient = undelivered().altered("offsets/2");

        patient.heals("TM-3002 CHECKPOINT_FILE_CORRUPT", "set aside offsets/2", "vouches for offsets/2 of");
    }

    @Test
    void aTornCommitIsWrittenFromWhatWasPrepared() throws IOException {
        Patient patient = patient().with("commits/2", "v1\n");
        byte[] whole = Files.readAllBytes(sound.checkpoint().resolve("commits/2"));

        patient.heals(
                "TM-3002 CHECKPOINT_FILE_CORRUPT", "write commits/2", "_tidemark/prepared/2 announces commits/2 of");

        assertThat(patient.file("commits/2")).hasBinaryContent(whole);
    }

    @Test
    void aTornCommitThatNobodyAnnouncedIsFinishedAgain() throws IOException {
        Patient patient = patient().with("commits/2", "").without("_tidemark/prepared/2");

        patient.heals("TM-3002 CHECKPOINT_FILE_CORRUPT", "set aside commits/2", "read once more for the watermark");
    }

    @Test
    void lostMetadataIsWrittenFromWhatWasSealed() throws IOException {
        Patient patient = patient().without("metadata");

        patient.heals("TM-3001 CHECKPOINT_METADATA_MISSING", "write metadata", "_tidemark/sealed/2 belongs to query");

        assertThat(patient.file("metadata"))
                .hasSameBinaryContentAs(sound.checkpoint().resolve("metadata"));
    }

    @Test
    void tornMetadataIsWrittenFromWhatWasSealed() throws IOException {
        Patient patient = patient().torn("metadata");

        patient.heals("TM-3002 CHECKPOINT_FILE_CORRUPT", "write metadata");
    }

    @Test
    void aMissingCommitInTheMiddleIsWrittenFromWhatWasPrepared() throws IOException {
        Patient patient = patient().without("commits/1");

        patient.heals("TM-3003 CHECKPOINT_GAP", "write commits/1");
    }

    @Test
    void aMissingCommitThatNobodyAnnouncedIsPurgedWithWhatIsOlder() throws IOException {
        Patient patient = patient().without("commits/1", "_tidemark/prepared/1");

        patient.heals("TM-3003 CHECKPOINT_GAP", "set aside commits/0", "as a purge would have taken them");
    }

    @Test
    void twoMissingCommitsAreWritten() throws IOException {
        Patient patient = patient().without("commits/1", "commits/2");

        patient.heals("TM-3003 CHECKPOINT_GAP", "write commits/1");
    }

    @Test
    void whatAPurgeLeavesIsHealthy() throws IOException {
        Patient patient = patient().without("commits/0");

        assertThat(patient.doctor().exitCode()).isZero();
    }

    @Test
    void aCommitWithoutItsPlanIsRunAgainIfTheTableDoesNotHoldIt() throws IOException {
        Patient patient = patient().without("offsets/2").withoutDelivery(2);

        patient.heals("TM-3003 CHECKPOINT_GAP", "set aside commits/2", "set aside _tidemark/sealed/2");
    }

    @Test
    void aDamagedSealedPlanIsNotNeededBesideASoundPlan() throws IOException {
        Patient patient = patient().torn("_tidemark/sealed/2");

        patient.heals(
                "TM-3002 CHECKPOINT_FILE_CORRUPT",
                "set aside _tidemark/sealed/2",
                "is what the batch was prepared from");
    }

    @Test
    void aSealedPlanOfAnotherPastIsStale() throws IOException {
        Patient patient = patient();
        Files.copy(
                patient.file("_tidemark/sealed/1"),
                patient.file("_tidemark/sealed/2"),
                StandardCopyOption.REPLACE_EXISTING);

        patient.heals("TM-3002 CHECKPOINT_FILE_CORRUPT", "set aside _tidemark/sealed/2");
    }

    @Test
    void aDamagedPreparedBatchRunsAgain() throws IOException {
        Patient patient = undelivered().torn("_tidemark/prepared/2");

        patient.heals("TM-3002 CHECKPOINT_FILE_CORRUPT", "set aside _tidemark/prepared/2", "exactly the planned rows");
    }

    @Test
    void aDamagedPreparedBatchThatTheTableHoldsIsObserved() throws IOException {
        Patient patient = patient().without("commits/2").torn("_tidemark/prepared/2");

        patient.heals("TM-3002 CHECKPOINT_FILE_CORRUPT", "set aside _tidemark/prepared/2", "The table holds the batch");
    }

    @Test
    void strayFilesWithNumbersForNamesGo() throws IOException {
        Patient patient = patient().with("offsets/+7", "v1").with("commits/007", "v1");

        patient.heals("TM-3002 CHECKPOINT_FILE_CORRUPT", "set aside offsets/+7", "set aside commits/007");
    }

    @Test
    void severalAilmentsAreHealedTogether() throws IOException {
        Patient patient = patient()
                .without("metadata", "commits/1")
                .with("commits/2", "v1\n")
                .with("offsets/-1", "");

        patient.heals(
                "TM-3002 CHECKPOINT_FILE_CORRUPT",
                "set aside offsets/-1",
                "write metadata",
                "write commits/1",
                "write commits/2");
    }

    // ---- what nobody can mend safely

    @Test
    void aTornPlanThatTheTableHoldsTakesARewind() throws IOException {
        Patient patient = patient().torn("offsets/2");

        patient.cannotBeHealed(
                "TM-3002 CHECKPOINT_FILE_CORRUPT", "--to-batch 1'", "files with 100 rows leave the table", "backup");
        patient.goesOnFrom(1);
    }

    @Test
    void aMissingPlanThatTheTableHoldsTakesARewind() throws IOException {
        Patient patient = patient().without("offsets/2");

        patient.cannotBeHealed("TM-3003 CHECKPOINT_GAP", "--to-batch 1'");
        patient.goesOnFrom(1);
    }

    @Test
    void anOlderCheckpointTakesTheNewestOneOrARewind() throws IOException {
        Patient patient = patient().without("offsets/2", "commits/2", "_tidemark/sealed/2", "_tidemark/prepared/2");

        patient.cannotBeHealed("TM-3009 CHECKPOINT_BEHIND_SINK", "newest copy of the checkpoint", "--to-batch 1'");
        patient.goesOnFrom(1);
    }

    @Test
    void aTableThatWasPutBackTakesItsNewestVersionOrARewind() throws IOException {
        Patient patient = patient().withoutDelivery(2);

        patient.cannotBeHealed("TM-3010 SINK_BEHIND", "only batches up to 1", "--to-batch 1'");
        patient.goesOnFrom(1);
    }

    @Test
    void aTableThatIsGoneCannotBeRewoundTo() throws IOException {
        Patient patient = patient();
        try (Stream<Path> log = Files.list(patient.scene().table().resolve("_delta_log"))) {
            for (Path commit : log.toList()) {
                Files.delete(commit);
            }
        }

        patient.cannotBeHealed("TM-3010 SINK_BEHIND", "holds no batch of this query", "new checkpointLocation");
    }

    @Test
    void withoutThePlansNothingIsSafe() throws IOException {
        Patient patient = patient().without("offsets/0", "offsets/1", "offsets/2");

        patient.cannotBeHealed("TM-3016 CHECKPOINT_NOT_EMPTY", "Restore the checkpoint from a backup");
    }

    // ---- beside the doctor

    private static Answer tidemark(String... arguments) {
        return Answer.to(List.of(arguments), new TreeMap<>());
    }

    /** A query whose checkpoint and table are where it made them: what is not told where the table is finds it. */
    private Patient atHome() throws IOException {
        Scene scene = new Scene(directory.resolve("home"), BROKER.bootstrapServers(), TOPIC);
        scene.run().isFine();
        return new Patient(scene, ROWS);
    }

    @Test
    void aRunningQueryIsLeftAlone() throws IOException {
        Patient patient = patient().without("metadata");
        try (StorageLock held = LocalStorage.create()
                .tryLock(patient.file("_tidemark/lock").toString())
                .orElseThrow()) {
            assertThat(held.excludesOthers()).isTrue();
            for (String[] more : new String[][] {{}, {"--apply"}, {"--undo", "1"}}) {
                Answer refused = patient.doctor(more);
                assertThat(refused.err()).contains("TM-3005 CHECKPOINT_OWNED");
                assertThat(refused.exitCode()).isEqualTo(3);
            }
            assertThat(patient.checkpoint("rewind", "--to-batch", "1").exitCode())
                    .isEqualTo(3);
        }
    }

    @Test
    void showSaysHowLongAPreparedBatchIsKept() throws IOException {
        Scene scene = atHome().without("commits/2").withoutDelivery(2).scene();

        assertThat(tidemark("checkpoint", "show", scene.checkpoint().toString()).out())
                .contains("a VACUUM of the Delta table at '" + scene.table() + "' may delete what batch 2 has staged");
    }

    @Test
    void aHandOverAsksTheTable() throws IOException {
        Patient patient = atHome();
        String checkpoint = patient.scene().checkpoint().toString();
        Answer ready = tidemark("handover", checkpoint, "--check");
        assertThat(ready.exitCode()).as(ready.toString()).isZero();
        patient.without("commits/2", "_tidemark/prepared/2");

        Answer refused = tidemark("handover", checkpoint, "--check");

        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(1);
        assertThat(refused.out()).contains("Spark would drop that batch's rows");
    }
}
