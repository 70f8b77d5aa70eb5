package io.tidemark.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.storage.StorageLock;
import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.connectors.kafkabroker.EmbeddedKafka;
import io.tidemark.ops.cli.Tidemark;
import io.tidemark.ops.drill.DeltaTableOracle.Count;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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

    private static EmbeddedKafka broker;
    private static Events events;

    /** Ran three batches, {@code 0} to {@code 2}, all committed. */
    private static Scene sound;

    @TempDir
    Path directory;

    @BeforeAll
    static void runThreeBatches() throws IOException {
        broker = EmbeddedKafka.start(shared.resolve("kafka"));
        events = new Events(broker.bootstrapServers());
        broker.topics().create(TOPIC, 2);
        events.send(TOPIC, 2, 0, ROWS);
        sound = new Scene(shared.resolve("sound"), broker.bootstrapServers(), TOPIC);
        sound.run().isFine();
    }

    @AfterAll
    static void stopBroker() {
        events.close();
        broker.close();
    }

    private Scene copy(String name) throws IOException {
        return sound.copyTo(directory.resolve(name)).edit("${DIR}/table", directory.resolve(name) + "/table");
    }

    private static Answer doctor(Scene scene, String... more) {
        return checkpoint("doctor", scene, more);
    }

    private static Answer checkpoint(String command, Scene scene, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("checkpoint", command, scene.checkpoint().toString()));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("--table", scene.table().toString())); // the copy's, not the one it was copied from
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Tidemark.execute(
                arguments,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new TreeMap<>());
        return new Answer(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Path file(Scene scene, String name) {
        return scene.checkpoint().resolve(name);
    }

    private static void tear(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(content, content.length / 2));
    }

    private static void alter(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        int at = content.length - 1;
        while (content[at] < '0' || content[at] > '8') {
            at--;
        }
        content[at]++;
        Files.write(file, content);
    }

    /** Puts everything back to where batch 2 was planned and the table had not got it. */
    private static void undeliver(Scene scene) throws IOException {
        Files.delete(file(scene, "commits/2"));
        Files.delete(scene.table().resolve("_delta_log/00000000000000000002.json"));
    }

    /** Everything but who owned the checkpoint, and what repairs keep. */
    private static SortedMap<String, String> damage(Scene scene) throws IOException {
        SortedMap<String, String> tree = new TreeMap<>(scene.tree());
        tree.keySet().removeIf(name -> name.startsWith("checkpoint/_tidemark/undo"));
        return tree;
    }

    private void heals(Scene scene, String code, String... told) throws IOException {
        SortedMap<String, String> damaged = damage(scene);
        Answer refused = scene.run();
        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(1);
        assertThat(refused.err()).contains(code);
        assertThat(damage(scene)).isEqualTo(damaged);

        Answer said = doctor(scene);
        assertThat(said.exitCode()).as(said.toString()).isEqualTo(1);
        assertThat(said.out()).contains("refuses with " + code).contains(told).contains("--apply");
        assertThat(damage(scene)).isEqualTo(damaged);

        Answer done = doctor(scene, "--apply");
        assertThat(done.exitCode()).as(done.toString()).isZero();
        assertThat(done.out()).contains("_tidemark/undo/1");

        Answer undone = doctor(scene, "--undo", "1");
        assertThat(undone.exitCode()).as(undone.toString()).isZero();
        assertThat(damage(scene)).isEqualTo(damaged);

        assertThat(doctor(scene, "--apply").exitCode()).isZero();
        Answer healthy = doctor(scene);
        assertThat(healthy.out()).contains("nothing to do");
        assertThat(healthy.exitCode()).isZero();
        scene.run().isFine();
        assertThat(scene.events()).isEqualTo(Count.exactlyOnce(ROWS));
        assertThat(doctor(scene).exitCode()).isZero();
    }

    @Test
    void aHealthyCheckpointNeedsNothing() throws IOException {
        Scene scene = copy("healthy");
        SortedMap<String, String> before = scene.tree();

        Answer said = doctor(scene);

        assertThat(said.exitCode()).as(said.toString()).isZero();
        assertThat(said.out()).contains("nothing to do: a start plans batch 3").contains("holds batches up to 2");
        assertThat(doctor(scene, "--apply").exitCode()).isZero();
        assertThat(scene.tree()).isEqualTo(before);
    }

    @Test
    void aTornPlanThatTheTableDoesNotHoldIsMadeAnew() throws IOException {
        Scene scene = copy("torn-plan");
        undeliver(scene);
        tear(file(scene, "offsets/2"));

        heals(
                scene,
                "TM-3002 CHECKPOINT_FILE_CORRUPT",
                "set aside offsets/2",
                "set aside _tidemark/sealed/2",
                "holds batches up to 1");
    }

    @Test
    void anEmptyPlanWithoutWitnessesIsMadeAnew() throws IOException {
        Scene scene = copy("empty-plan");
        undeliver(scene);
        Files.delete(file(scene, "_tidemark/sealed/2"));
        Files.delete(file(scene, "_tidemark/prepared/2"));
        Files.write(file(scene, "offsets/2"), new byte[0]);

        heals(scene, "TM-3002 CHECKPOINT_FILE_CORRUPT", "set aside offsets/2", "there is no commits/2");
    }

    @Test
    void anAlteredPlanThatTheTableDoesNotHoldIsMadeAnew() throws IOException {
        Scene scene = copy("altered-plan");
        undeliver(scene);
        alter(file(scene, "offsets/2"));

        heals(scene, "TM-3002 CHECKPOINT_FILE_CORRUPT", "set aside offsets/2", "vouches for offsets/2 of");
    }

    @Test
    void aTornCommitIsWrittenFromWhatWasPrepared() throws IOException {
        Scene scene = copy("torn-commit");
        Files.writeString(file(scene, "commits/2"), "v1\n");
        byte[] whole = Files.readAllBytes(file(sound, "commits/2"));

        heals(
                scene,
                "TM-3002 CHECKPOINT_FILE_CORRUPT",
                "write commits/2",
                "_tidemark/prepared/2 announces commits/2 of");

        assertThat(file(scene, "commits/2")).hasBinaryContent(whole);
    }

    @Test
    void aTornCommitThatNobodyAnnouncedIsFinishedAgain() throws IOException {
        Scene scene = copy("torn-commit-of-spark");
        Files.write(file(scene, "commits/2"), new byte[0]);
        Files.delete(file(scene, "_tidemark/prepared/2"));

        heals(scene, "TM-3002 CHECKPOINT_FILE_CORRUPT", "set aside commits/2", "read once more for the watermark");
    }

    @Test
    void lostMetadataIsWrittenFromWhatWasSealed() throws IOException {
        Scene scene = copy("no-metadata");
        Files.delete(file(scene, "metadata"));

        heals(scene, "TM-3001 CHECKPOINT_METADATA_MISSING", "write metadata", "_tidemark/sealed/2 belongs to query");

        assertThat(file(scene, "metadata")).hasSameBinaryContentAs(file(sound, "metadata"));
    }

    @Test
    void tornMetadataIsWrittenFromWhatWasSealed() throws IOException {
        Scene scene = copy("torn-metadata");
        tear(file(scene, "metadata"));

        heals(scene, "TM-3002 CHECKPOINT_FILE_CORRUPT", "write metadata");
    }

    @Test
    void aMissingCommitInTheMiddleIsWrittenFromWhatWasPrepared() throws IOException {
        Scene scene = copy("commit-gap");
        Files.delete(file(scene, "commits/1"));

        heals(scene, "TM-3003 CHECKPOINT_GAP", "write commits/1");
    }

    @Test
    void aMissingCommitThatNobodyAnnouncedIsPurgedWithWhatIsOlder() throws IOException {
        Scene scene = copy("commit-gap-of-spark");
        Files.delete(file(scene, "commits/1"));
        Files.delete(file(scene, "_tidemark/prepared/1"));

        heals(scene, "TM-3003 CHECKPOINT_GAP", "set aside commits/0", "as a purge would have taken them");
    }

    @Test
    void twoMissingCommitsAreWritten() throws IOException {
        Scene scene = copy("two-commits");
        Files.delete(file(scene, "commits/1"));
        Files.delete(file(scene, "commits/2"));

        heals(scene, "TM-3003 CHECKPOINT_GAP", "write commits/1");
    }

    @Test
    void whatAPurgeLeavesIsHealthy() throws IOException {
        Scene scene = copy("purged");
        Files.delete(file(scene, "commits/0"));

        assertThat(doctor(scene).exitCode()).isZero();
    }

    @Test
    void aCommitWithoutItsPlanIsRunAgainIfTheTableDoesNotHoldIt() throws IOException {
        Scene scene = copy("inverted");
        Files.delete(file(scene, "offsets/2"));
        Files.delete(scene.table().resolve("_delta_log/00000000000000000002.json"));

        heals(scene, "TM-3003 CHECKPOINT_GAP", "set aside commits/2", "set aside _tidemark/sealed/2");
    }

    @Test
    void aDamagedSealedPlanIsNotNeededBesideASoundPlan() throws IOException {
        Scene scene = copy("torn-seal");
        tear(file(scene, "_tidemark/sealed/2"));

        heals(
                scene,
                "TM-3002 CHECKPOINT_FILE_CORRUPT",
                "set aside _tidemark/sealed/2",
                "is what the batch was prepared from");
    }

    @Test
    void aSealedPlanOfAnotherPastIsStale() throws IOException {
        Scene scene = copy("stale-seal");
        Files.copy(
                file(sound, "_tidemark/sealed/1"),
                file(scene, "_tidemark/sealed/2"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        heals(scene, "TM-3002 CHECKPOINT_FILE_CORRUPT", "set aside _tidemark/sealed/2");
    }

    @Test
    void aDamagedPreparedBatchRunsAgain() throws IOException {
        Scene scene = copy("torn-prepared");
        undeliver(scene);
        tear(file(scene, "_tidemark/prepared/2"));

        heals(scene, "TM-3002 CHECKPOINT_FILE_CORRUPT", "set aside _tidemark/prepared/2", "exactly the planned rows");
    }

    @Test
    void aDamagedPreparedBatchThatTheTableHoldsIsObserved() throws IOException {
        Scene scene = copy("torn-prepared-held");
        Files.delete(file(scene, "commits/2"));
        tear(file(scene, "_tidemark/prepared/2"));

        heals(scene, "TM-3002 CHECKPOINT_FILE_CORRUPT", "set aside _tidemark/prepared/2", "The table holds the batch");
    }

    @Test
    void strayFilesWithNumbersForNamesGo() throws IOException {
        Scene scene = copy("stray");
        Files.writeString(file(scene, "offsets/+7"), "v1");
        Files.writeString(file(scene, "commits/007"), "v1");

        heals(scene, "TM-3002 CHECKPOINT_FILE_CORRUPT", "set aside offsets/+7", "set aside commits/007");
    }

    @Test
    void severalAilmentsAreHealedTogether() throws IOException {
        Scene scene = copy("several");
        Files.delete(file(scene, "metadata"));
        Files.delete(file(scene, "commits/1"));
        Files.writeString(file(scene, "commits/2"), "v1\n");
        Files.writeString(file(scene, "offsets/-1"), "");

        heals(
                scene,
                "TM-3002 CHECKPOINT_FILE_CORRUPT",
                "set aside offsets/-1",
                "write metadata",
                "write commits/1",
                "write commits/2");
    }

    // ---- what nobody can mend safely

    private void cannot(Scene scene, String code, String... told) throws IOException {
        SortedMap<String, String> damaged = damage(scene);
        Answer said = doctor(scene, "--apply");
        assertThat(said.exitCode()).as(said.toString()).isEqualTo(1);
        assertThat(said.out()).contains(code).contains("no safe repair").contains(told);
        assertThat(damage(scene)).isEqualTo(damaged);
    }

    /** Rewinds as the doctor says, and goes on. */
    private void rewound(Scene scene, int toBatch) throws IOException {
        Answer rewound = checkpoint("rewind", scene, "--to-batch", Integer.toString(toBatch));
        assertThat(rewound.exitCode()).as(rewound.toString()).isZero();
        assertThat(doctor(scene).exitCode()).isZero();
        scene.run().isFine();
        assertThat(scene.events()).isEqualTo(Count.exactlyOnce(ROWS));
    }

    @Test
    void aTornPlanThatTheTableHoldsTakesARewind() throws IOException {
        Scene scene = copy("torn-plan-held");
        tear(file(scene, "offsets/2"));

        cannot(
                scene,
                "TM-3002 CHECKPOINT_FILE_CORRUPT",
                "--to-batch 1'",
                "files with 100 rows leave the table",
                "backup");
        rewound(scene, 1);
    }

    @Test
    void aMissingPlanThatTheTableHoldsTakesARewind() throws IOException {
        Scene scene = copy("missing-plan-held");
        Files.delete(file(scene, "offsets/2"));

        cannot(scene, "TM-3003 CHECKPOINT_GAP", "--to-batch 1'");
        rewound(scene, 1);
    }

    @Test
    void anOlderCheckpointTakesTheNewestOneOrARewind() throws IOException {
        Scene scene = copy("restored");
        for (String name : List.of("offsets/2", "commits/2", "_tidemark/sealed/2", "_tidemark/prepared/2")) {
            Files.delete(file(scene, name));
        }

        cannot(scene, "TM-3009 CHECKPOINT_BEHIND_SINK", "newest copy of the checkpoint", "--to-batch 1'");
        rewound(scene, 1);
    }

    @Test
    void aTableThatWasPutBackTakesItsNewestVersionOrARewind() throws IOException {
        Scene scene = copy("table-behind");
        Files.delete(scene.table().resolve("_delta_log/00000000000000000002.json"));

        cannot(scene, "TM-3010 SINK_BEHIND", "only batches up to 1", "--to-batch 1'");
        rewound(scene, 1);
    }

    @Test
    void aTableThatIsGoneCannotBeRewoundTo() throws IOException {
        Scene scene = copy("table-gone");
        try (Stream<Path> log = Files.list(scene.table().resolve("_delta_log"))) {
            for (Path commit : log.toList()) {
                Files.delete(commit);
            }
        }

        cannot(scene, "TM-3010 SINK_BEHIND", "holds no batch of this query", "new checkpointLocation");
    }

    @Test
    void withoutThePlansNothingIsSafe() throws IOException {
        Scene scene = copy("no-plans");
        for (int batch = 0; batch < 3; batch++) {
            Files.delete(file(scene, "offsets/" + batch));
        }

        cannot(scene, "TM-3016 CHECKPOINT_NOT_EMPTY", "Restore the checkpoint from a backup");
    }

    // ---- beside the doctor

    private static Answer tidemark(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Tidemark.execute(
                List.of(arguments),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new TreeMap<>());
        return new Answer(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Scene ran(String name) throws IOException {
        Scene scene = new Scene(directory.resolve(name), broker.bootstrapServers(), TOPIC);
        scene.run().isFine();
        return scene;
    }

    @Test
    void aRunningQueryIsLeftAlone() throws IOException {
        Scene scene = copy("running");
        Files.delete(file(scene, "metadata"));
        try (StorageLock held = LocalStorage.create()
                .tryLock(file(scene, "_tidemark/lock").toString())
                .orElseThrow()) {
            assertThat(held.excludesOthers()).isTrue();
            for (String[] more : new String[][] {{}, {"--apply"}, {"--undo", "1"}}) {
                Answer refused = doctor(scene, more);
                assertThat(refused.err()).contains("TM-3005 CHECKPOINT_OWNED");
                assertThat(refused.exitCode()).isEqualTo(3);
            }
            assertThat(checkpoint("rewind", scene, "--to-batch", "1").exitCode())
                    .isEqualTo(3);
        }
    }

    @Test
    void showSaysHowLongAPreparedBatchIsKept() throws IOException {
        Scene scene = ran("staged");
        undeliver(scene);

        assertThat(tidemark("checkpoint", "show", scene.checkpoint().toString()).out())
                .contains("a VACUUM of the Delta table at '" + scene.table() + "' may delete what batch 2 has staged");
    }

    @Test
    void aHandOverAsksTheTable() throws IOException {
        Scene scene = ran("handed-over");
        Answer ready = tidemark("handover", scene.checkpoint().toString(), "--check");
        assertThat(ready.exitCode()).as(ready.toString()).isZero();
        Files.delete(file(scene, "commits/2"));
        Files.delete(file(scene, "_tidemark/prepared/2"));

        Answer refused = tidemark("handover", scene.checkpoint().toString(), "--check");

        assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(1);
        assertThat(refused.out()).contains("Spark would drop that batch's rows");
    }
}
