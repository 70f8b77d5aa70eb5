package io.tidemark.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.storage.StorageProvider;
import io.tidemark.checkpoint.format.SealedPlan.SinkRecord;
import io.tidemark.checkpoint.storage.StorageProviders;
import io.tidemark.ops.cli.doctor.Doctor;
import io.tidemark.ops.drill.DeltaTableOracle.Count;
import io.tidemark.testkit.FaultyStorage;
import io.tidemark.testkit.FaultyStorage.Fault;
import io.tidemark.testkit.SimulatedCrash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A repair of several ailments, and its taking back, crashed at each of its operations: the next one finishes it. */
class CutShortRepairTest {
    private static final String TOPIC = "cut-short";
    private static final int ROWS = 300;

    @TempDir
    static Path shared;

    @RegisterExtension
    static final TestBroker BROKER = new TestBroker();

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

    private Patient patient(String name) throws IOException {
        Path home = directory.resolve(name);
        return new Patient(sound.copyTo(home).edit("${DIR}/table", home + "/table"), ROWS)
                .without("metadata", "commits/1")
                .with("commits/2", "v1\n")
                .with("offsets/-1", "");
    }

    private static Doctor doctor(Patient patient, StorageProvider storages) {
        Scene scene = patient.scene();
        return new Doctor(
                storages,
                scene.checkpoint().toString(),
                new SinkRecord("delta", scene.table().toString()));
    }

    private static Doctor doctor(Patient patient, FaultyStorage.Plan plan) {
        return doctor(patient, new FaultyStorages(plan));
    }

    private static Doctor doctor(Patient patient) {
        return doctor(patient, new StorageProviders());
    }

    /** The files of checkpoint and table, but those that say who owned the checkpoint, and what repairs keep. */
    private static SortedMap<String, String> files(Patient patient) throws IOException {
        SortedMap<String, String> files = new TreeMap<>(patient.scene().tree());
        files.keySet()
                .removeIf(name -> name.startsWith("checkpoint/_tidemark/undo")
                        || (!name.startsWith("checkpoint/") && !name.startsWith("table/")));
        return files;
    }

    private static FaultyStorage.Plan hit(int operation, Fault fault) {
        FaultyStorage.Plan plan = new FaultyStorage.Plan();
        plan.hit(operation, fault);
        return plan;
    }

    private static boolean isBegun(Patient patient) {
        return Files.exists(patient.file("_tidemark/repair"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"CRASH_BEFORE", "CRASH_AFTER"})
    void theNextRepairFinishesItAndNoQueryStartsBetween(Fault fault) throws IOException {
        Patient straight = patient("straight");
        SortedMap<String, String> damaged = files(straight);
        FaultyStorage.Plan counted = new FaultyStorage.Plan();
        doctor(straight, counted).treat();
        SortedMap<String, String> healed = files(straight);
        assertThat(healed).isNotEqualTo(damaged);
        assertThat(counted.operations()).hasSizeGreaterThan(10);
        int stride = Boolean.getBoolean("tidemark.full") ? 1 : 2;
        for (int at = fault == Fault.CRASH_BEFORE ? 0 : 1;
                at < counted.operations().size();
                at += stride) {
            String where = fault + " " + counted.operations().get(at);
            Patient patient = patient(fault + "-" + at);
            Doctor dying = doctor(patient, hit(at, fault));
            assertThatThrownBy(dying::treat).as(where).isInstanceOf(SimulatedCrash.class);
            if (isBegun(patient)) {
                assertThat(patient.scene().run().err()).as(where).contains("TM-3018 CHECKPOINT_REPAIR_UNFINISHED");
            }

            doctor(patient).treat();

            assertThat(files(patient)).as(where).isEqualTo(healed);
            assertThat(patient.doctor().exitCode()).as(where).isZero();
        }
        straight.scene().run().isFine();
        assertThat(straight.scene().events()).isEqualTo(Count.exactlyOnce(ROWS));
    }

    @Test
    void whatIsTakenBackIsTakenBackWhole() throws IOException {
        Patient straight = patient("straight");
        SortedMap<String, String> damaged = files(straight);
        doctor(straight).treat();
        FaultyStorage.Plan counted = new FaultyStorage.Plan();
        doctor(straight, counted).undo(1);
        assertThat(files(straight)).isEqualTo(damaged);
        for (int at = 0; at < counted.operations().size(); at += 2) {
            String where = counted.operations().get(at);
            Patient patient = patient("undone-" + at);
            doctor(patient).treat();
            Doctor dying = doctor(patient, hit(at, Fault.CRASH_AFTER));
            assertThatThrownBy(() -> dying.undo(1)).as(where).isInstanceOf(SimulatedCrash.class);

            if (isBegun(patient)) {
                doctor(patient).treat();
            } else if (!files(patient).equals(damaged)) {
                doctor(patient).undo(1);
            }

            assertThat(files(patient)).as(where).isEqualTo(damaged);
        }
    }
}
