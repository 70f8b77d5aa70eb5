package io.tidemark.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageLock;
import io.tidemark.checkpoint.CheckpointLayout;
import io.tidemark.checkpoint.storage.StorageProviders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tidemark handover --check} over checkpoints that Tidemark left, one obstacle at a time. */
class HandoverCommandTest {
    private static final String PIPELINE =
            """
            name: numbers
            sources:
              numbers:
                format: rate-micro-batch
                options: { rowsPerBatch: 10, numPartitions: 2, startTimestamp: 1767225600000 }
            sql: SELECT value %% 3 AS remainder, count(*) AS n FROM numbers GROUP BY value %% 3
            sink: { format: delta, path: "${DIR}/table"%s }
            outputMode: %s
            trigger: { once: true }
            checkpointLocation: ${DIR}/checkpoint
            conf:
              spark.sql.shuffle.partitions: 2%s
            """;

    @TempDir
    Path dir;

    @Test
    void aCommittedBatchWithItsStateCanBeTakenOver() throws IOException {
        run(3, "", "complete", "");

        Result result = check();

        assertThat(result.out).isEqualTo("to know      Spark goes on with batch 3.\nready: Spark can take over\n");
        assertThat(result.exitCode).isZero();
        assertThat(result.err).isEmpty();
    }

    @Test
    void stateWithIdsIsSaidToNeedItsSettingAndItsFiles() throws IOException {
        run(2, "", "complete", "\n  spark.sql.streaming.stateStore.checkpointFormatVersion: 2");

        assertThat(check().ready()).contains("set spark.sql.streaming.stateStore.checkpointFormatVersion=2");

        for (Path file : files("checkpoint/state/0/1")) {
            if (file.getFileName().toString().startsWith("2_")) {
                Files.delete(file);
            }
        }
        assertThat(check().notReady())
                .contains("in the way   state/0/1: version 2 with the id ")
                .contains(" is missing");
    }

    @Test
    void whoRunsOnTheCheckpointIsStoppedFirst() throws IOException {
        run(1, "", "complete", "");
        Storage storage = new StorageProviders().open(checkpoint().toString(), new TreeMap<>());
        String lock = new CheckpointLayout(storage.qualify(checkpoint().toString())).lock();

        try (StorageLock held = storage.tryLock(lock).orElseThrow()) {
            assertThat(held).isNotNull();
            assertThat(check().notReady()).contains("in the way   A Tidemark process runs the query. Stop it;");
        }
        check().ready();
    }

    @Test
    void aPreparedBatchIsFinishedByTidemarkAndAPlannedOneIsNot() throws IOException {
        run(2, "", "complete", "");
        Files.delete(checkpoint().resolve("commits/1"));

        assertThat(check().notReady())
                .contains("in the way   Batch 1 is prepared but not committed, and only Tidemark can finish it.");

        for (Path file : files("checkpoint/_tidemark/prepared")) {
            if (file.getFileName().toString().startsWith("1")) {
                Files.delete(file);
            }
        }
        assertThat(check().notReady()).contains("holds batches up to 1, and commits/1 is missing");

        List<Path> log = files("table/_delta_log").stream()
                .filter(file -> file.toString().endsWith(".json"))
                .sorted()
                .toList();
        Files.delete(log.get(log.size() - 1));
        assertThat(check().ready()).contains("Batch 1 is only planned: Spark runs it over the same rows.");
    }

    @Test
    void theOffsetsBeforeTheNewestBatchAreNeededToo() throws IOException {
        run(3, "", "complete", "");
        Files.delete(checkpoint().resolve("offsets/1"));

        assertThat(check().notReady()).contains("offsets/1 is missing");
    }

    @Test
    void stateThatIsMissingOrDamagedIsNamedByFile() throws IOException {
        run(2, "", "complete", "");
        Path changelog = checkpoint().resolve("state/0/1/1.changelog");
        byte[] content = Files.readAllBytes(changelog);
        byte[] damaged = content.clone();
        damaged[damaged.length / 2] ^= 1;

        Files.write(changelog, damaged);
        assertThat(check().notReady()).contains("in the way   ").contains("state/0/1/1.changelog");

        Files.delete(changelog);
        assertThat(check().notReady())
                .contains("in the way   state/0/1/1.changelog is missing, and version 2 is made of it.");

        Files.write(changelog, content);
        check().ready();
    }

    @Test
    void aPartitionThatIsGoneAltogetherIsMissed() throws IOException {
        run(1, "", "complete", "");
        Files.move(checkpoint().resolve("state/0/1"), dir.resolve("elsewhere"));

        assertThat(check().notReady()).contains("in the way   state/0/1: it holds no version, and 1 is wanted.");
    }

    @Test
    void stateOfOnePartitionHasNoOthersToMiss() throws IOException {
        String pipeline = PIPELINE.formatted("", "complete", "")
                .replaceFirst("sql: .*", "sql: SELECT count(*) AS n FROM numbers");
        assertThat(tidemark(
                                "run",
                                Files.writeString(dir.resolve("all.yaml"), pipeline)
                                        .toString(),
                                "-q")
                        .exitCode)
                .isZero();

        check().ready();
    }

    @Test
    void aChecksumWithoutItsFileIsDeletedFirst() throws IOException {
        run(1, "", "complete", "");
        Path stray = Files.writeString(checkpoint().resolve("commits/.1.crc"), "crc");
        assertThat(check().notReady()).contains("in the way   commits/.1.crc: its file is gone");
        Files.delete(stray);

        stray = Files.writeString(checkpoint().resolve("state/0/0/.2.changelog.crc"), "crc");
        assertThat(check().notReady()).contains("in the way   state/0/0/.2.changelog.crc: its file is gone");
        Files.delete(stray);
        check().ready();
    }

    @Test
    void aDamagedLogIsAnObstacle() throws IOException {
        run(2, "", "complete", "");
        Files.writeString(checkpoint().resolve("commits/1"), "nonsense");

        assertThat(check().notReady()).contains("in the way   commits/1: ");
    }

    @Test
    void rowsReplacedByKeyStayHere() throws IOException {
        run(1, ", mergeKeys: [remainder]", "update", "");

        assertThat(check().notReady()).contains("in the way   The query replaces rows of its table by key (mergeKeys)");
    }

    @Test
    void whereNoCheckpointIsTheDirectoryIsNamed() {
        Result result = check();

        assertThat(result.exitCode).isNotZero();
        assertThat(result.out).isEmpty();
        assertThat(result.err).contains(checkpoint().toString()).hasLineCount(1);
    }

    @Test
    void checkIsTheOnlyThingItDoes() {
        Result result = tidemark("handover", checkpoint().toString());

        assertThat(result.exitCode).isEqualTo(2);
        assertThat(result.err).contains("--check");
    }

    private Path checkpoint() {
        return dir.resolve("checkpoint");
    }

    private List<Path> files(String directory) throws IOException {
        try (var files = Files.list(dir.resolve(directory))) {
            return files.sorted().toList();
        }
    }

    private void run(int batches, String sink, String mode, String conf) throws IOException {
        Path file = Files.writeString(dir.resolve("numbers.yaml"), PIPELINE.formatted(sink, mode, conf));
        for (int batch = 0; batch < batches; batch++) {
            Result result = tidemark("run", file.toString(), "-q");
            assertThat(result.exitCode).as(result.err).isZero();
        }
    }

    private Result check() {
        return tidemark("handover", checkpoint().toString(), "--check");
    }

    private record Result(int exitCode, String out, String err) {
        String ready() {
            assertThat(exitCode).as(out + err).isZero();
            assertThat(out).endsWith("ready: Spark can take over\n");
            return out;
        }

        String notReady() {
            assertThat(exitCode).as(out + err).isEqualTo(1);
            assertThat(out).containsPattern("NOT READY, in the way: [1-9]\n$").doesNotContain("to know  ");
            return out;
        }
    }

    private Result tidemark(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Tidemark.execute(
                List.of(arguments),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new TreeMap<>(Map.of("DIR", dir.toString())));
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
