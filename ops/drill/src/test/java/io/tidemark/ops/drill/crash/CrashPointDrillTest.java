package io.tidemark.ops.drill.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidemark.api.storage.Storage;
import io.tidemark.ops.drill.crash.storage.SimulatedStorage;
import io.tidemark.ops.drill.crash.storage.StorageModel;
import io.tidemark.ops.drill.report.DrillReport;
import io.tidemark.ops.drill.report.ReportFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrashPointDrillTest {
    private static final int SAMPLE = 600;

    @Test
    void aSampleOfAllCrashesLeavesNothingThatAnybodyCouldTell() throws Exception {
        long seed = Long.getLong("tidemark.seed", System.nanoTime() & Long.MAX_VALUE);
        DrillReport report = CrashPointDrill.run(CrashPointOptions.sample(seed, SAMPLE));
        assertThat(report.violations()).as("seed %d", seed).isEmpty();
        assertThat(report.neverCrashed()).as("seed %d", seed).isEmpty();
        assertThat(report.cases()).isGreaterThan(SAMPLE / 2);
        assertThat(new String(ReportFile.toJson(report), StandardCharsets.UTF_8))
                .contains("\"neverCrashed\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // told that it failed, the commit was read back, and was not durable
                "stateless,strict-power-loss,1,applied-but-failed,0,143985,link table/_delta_log/N.json",
                "stateless,strict-power-loss,0,applied-but-failed,0,173777,mkdir table",
                // removals that a loss of power took back, but not all of them
                "session,weak-power-loss,3,after,0,791848,unlink checkpoint/commits/N",
                "session,weak-power-loss,3,applied-but-failed,1,310360,unlink checkpoint/state/N/N/N.changelog",
                // files without a name that nobody removed
                "stateless,kill,3,error-for-ever,0,313200,write table/_delta_log/.N.checkpoint.parquet.U.tmp",
                "stateless,strict-power-loss,2,error-once,1,74826,fsync table",
                "windowed,hdfs,0,before,0,97305,mkdirs checkpoint/offsets"
            })
    void whatWasFoundOnceStaysMended(String line) throws Exception {
        assertThat(CrashPointDrill.replay(line).violations()).isEmpty();
    }

    @Test
    void aRecoveryThatIsCrashedTooLeavesNothing() throws Exception {
        String line = "windowed,kill,1,after,0,1,link checkpoint/_tidemark/prepared/N"
                + ";before,0,1,link checkpoint/commits/N";
        DrillReport report = CrashPointDrill.replay(line);
        assertThat(report.violations()).isEmpty();
        assertThat(report.details()).containsEntry("casesDisturbedTwice", 1L);
    }

    @Test
    void aLostFileOfTheTableIsFound() throws Exception {
        assertThat(promisesBrokenBy("table", ".parquet")).contains("I2", "I1");
    }

    @Test
    void aLostCommitIsFound() throws Exception {
        assertThat(promisesBrokenBy("checkpoint/commits", "")).contains("I2");
    }

    @Test
    void aLostChangelogIsFound() throws Exception {
        assertThat(promisesBrokenBy("checkpoint/state/0/0", ".changelog")).contains("I3");
    }

    @Test
    void aRemovedFileOfAnotherQueryIsFound() throws Exception {
        assertThat(promisesBrokenBy("table", Neighbour.FILE)).contains("I10");
    }

    /** Deletes the last file of a folder after an undisturbed run, and returns what the invariants say to that. */
    private static List<String> promisesBrokenBy(String folder, String suffix) throws Exception {
        try (Scratch scratch = new Scratch()) {
            World world = new World(scratch);
            SimulatedStorage storage = StorageModel.KILL.create();
            world.live(Shape.WINDOWED, storage, 4, false, null);
            assertThat(Neighbour.moveIn(storage)).isTrue();
            Observation before = world.observe(storage);
            assertThat(broken(before, before)).isEmpty();
            String root = storage.checkpoint().substring(0, storage.checkpoint().lastIndexOf('/'));
            Storage files = storage.provider().open(root, new TreeMap<>());
            String last = files.list(root + "/" + folder).stream()
                    .map(f -> f.path())
                    .filter(path -> path.endsWith(suffix))
                    .filter(path -> suffix.equals(Neighbour.FILE) || !path.endsWith(Neighbour.FILE))
                    .reduce((a, b) -> b)
                    .orElseThrow();
            files.delete(last);
            return broken(world.observe(storage), before);
        }
    }

    private static List<String> broken(Observation seen, Observation undisturbed) {
        return Stream.of(
                        Invariants.check(seen, Shape.WINDOWED.expected(4, 4)),
                        Invariants.compare(seen, undisturbed),
                        Invariants.kept(seen, undisturbed),
                        Neighbour.gone(seen))
                .flatMap(List::stream)
                .map(Finding::promise)
                .toList();
    }

    @Test
    void rowsAreExpectedAsAnybodyWouldCountThem() {
        assertThat(Shape.STATELESS.expected(1, 1)).hasSize(5);
        // the watermark is at 22 s after two steps: windows up to 20 s are closed
        assertThat(Shape.WINDOWED.expected(2, 2))
                .containsExactly(
                        "1700000000000000|a|4|6",
                        "1700000000000000|b|1|0",
                        "1700000010000000|b|1|1",
                        "1700000010000000|c|1|4");
        assertThat(Shape.EVOLVED.expected(2, 1)).contains("0|0|a|null", "1|2|a|A");
        assertThat(Shape.SESSION.expected(1, 1)).containsExactly("1700000001000000|a|3|3", "1700000002000000|b|1|0");
    }

    @Test
    void aLineIsReadAsItIsWritten() {
        String line = "no-data,weak-power-loss,3,torn-half,2,17,write checkpoint/_tidemark/tmp/.N.U.tmp"
                + ";error-once,0,3,fsync table";
        assertThat(Case.parse(line).line()).isEqualTo(line);
        assertThatIllegalArgumentException().isThrownBy(() -> Case.parse("stateless,kill,0,maybe,0,1,fsync table"));
        assertThatIllegalArgumentException().isThrownBy(() -> Case.parse("stateless,tape,0,after,0,1,fsync table"));
    }
}
