package io.tidemark.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.ops.cli.demo.TableRows;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands as a user calls them, in this process, without Kafka. */
class CommandLineTest {
    private static final String PIPELINE =
            """
            name: numbers
            sources:
              numbers:
                format: rate-micro-batch
                options: { rowsPerBatch: 10, numPartitions: 2, startTimestamp: 1767225600000 }
            views:
              - name: doubled
                sql: |
                  SELECT value,
                    value * 2 AS twice FROM numbers
            sql: SELECT value, twice FROM doubled
            sink: { format: delta, path: "${DIR}/table" }
            trigger: { once: true }
            checkpointLocation: ${DIR}/checkpoint
            """;

    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void writePipeline() throws IOException {
        file = Files.writeString(dir.resolve("numbers.yaml"), PIPELINE);
    }

    @Test
    void runCommitsABatchAndReportsItAsJsonAndAsALine() throws Exception {
        Result result = tidemark("run", file.toString(), "--progress", "-");

        assertThat(result.exitCode).as(result.err).isZero();
        JsonNode progress = new ObjectMapper().readTree(result.out);
        assertThat(progress.get("batchId").asLong()).isZero();
        assertThat(progress.get("numInputRows").asLong()).isEqualTo(10);
        assertThat(result.err).contains("numbers: batch 0, 10 rows in ");
        assertThat(TableRows.count(dir.resolve("table"))).isEqualTo(new TableRows(10, 0));
        assertThat(dir.resolve("checkpoint/commits/0")).exists();
    }

    @Test
    void aSecondStartGoesOnWhereTheFirstOneEnded() throws Exception {
        tidemark("run", file.toString(), "-q");

        Result result = tidemark("run", file.toString(), "-q");

        assertThat(result.exitCode).as(result.err).isZero();
        assertThat(result.err).isEmpty();
        assertThat(TableRows.count(dir.resolve("table"))).isEqualTo(new TableRows(20, 1));
    }

    @Test
    void anUnknownKeyIsOneLineWithExitCode2AndNothingIsWritten() throws Exception {
        Files.writeString(file, PIPELINE.replace("checkpointLocation", "checkpointLocaton"));

        Result result = tidemark("run", file.toString());

        result.failsWith(
                2,
                "tidemark: TM-2002 PIPELINE_UNKNOWN_KEY: " + file + ":14:1: Unknown key"
                        + " 'checkpointLocaton'. Did you mean 'checkpointLocation'?");
        assertThat(filesIn(dir)).containsExactly("numbers.yaml");
    }

    @Test
    void badYamlIsNamedWithLineAndColumn() throws Exception {
        Files.writeString(file, PIPELINE.replace("{ once: true }", "{ once: true"));

        tidemark("run", file.toString()).failsWith(2, "tidemark: TM-2001 PIPELINE_SYNTAX: " + file + ":14:");
    }

    @Test
    void anErrorInSqlPointsIntoTheFile() throws Exception {
        Files.writeString(file, PIPELINE.replace("value * 2 AS twice FROM", "value * * 2 AS twice FROM"));

        tidemark("run", file.toString())
                .failsWith(2, "tidemark: TM-1001 SQL_SYNTAX: " + file + ":10:19, SQL of view 'doubled': ");
    }

    @Test
    void anUnknownColumnNamesCandidatesAndItsPlace() throws Exception {
        Files.writeString(file, PIPELINE.replace("SELECT value, twice", "SELECT value, twic"));

        Result result = tidemark("run", file.toString());

        result.failsWith(2, "tidemark: TM-1003 UNRESOLVED_COLUMN: " + file + ":11:20, SQL of the query: ");
        assertThat(result.err).contains("twice");
        assertThat(filesIn(dir)).containsExactly("numbers.yaml");
    }

    @Test
    void anUnknownConnectorIsNamedWithThePlaceOfItsSource() throws Exception {
        Files.writeString(file, PIPELINE.replace("rate-micro-batch", "rate-micro-bath"));

        tidemark("run", file.toString())
                .failsWith(2, "tidemark: TM-2007 UNKNOWN_FORMAT: " + file + ":3:3, source 'numbers': ");
    }

    @Test
    void aFolderThatIsNoTableIsLeftAlone() throws Exception {
        Files.createDirectories(dir.resolve("table"));
        Files.writeString(dir.resolve("table/precious.txt"), "do not touch");

        Result result = tidemark("run", file.toString(), "-q");

        result.failsWith(2, "tidemark: TM-5001 SINK_PATH_NOT_A_TABLE: ");
        assertThat(filesIn(dir.resolve("table"))).containsExactly("precious.txt");
        assertThat(dir.resolve("checkpoint")).doesNotExist();
    }

    @Test
    void aSettingThatDoesNotExistIsRefused() {
        tidemark("run", file.toString(), "--set", "conf.tidemark.task.thread=1")
                .failsWith(2, "tidemark: TM-2012 INVALID_CONF: ");
    }

    @Test
    void twoFilesWithOneNameAreRefused() throws Exception {
        Path other = Files.writeString(dir.resolve("other.yaml"), PIPELINE);

        tidemark("run", file.toString(), other.toString())
                .failsWith(2, "tidemark: TM-6003 QUERY_NAME_IN_USE: " + other + ": ");
    }

    @Test
    void twoPipelinesRunSideBySide() throws Exception {
        Path other = Files.writeString(
                dir.resolve("other.yaml"),
                PIPELINE.replace("name: numbers\n", "name: others\n")
                        .replace("/table", "/table2")
                        .replace("/checkpoint", "/checkpoint2"));

        Result result = tidemark("run", file.toString(), other.toString());

        assertThat(result.exitCode).as(result.err).isZero();
        assertThat(TableRows.count(dir.resolve("table")).rows()).isEqualTo(10);
        assertThat(TableRows.count(dir.resolve("table2")).rows()).isEqualTo(10);
    }

    @Test
    void aSignalStopsARunningQueryAndItsExitCodeIsTheSignals() throws Exception {
        Signals signals = Signals.none();
        Result[] result = new Result[1];
        Thread run = new Thread(() -> result[0] =
                tidemark(signals, "run", file.toString(), "--trigger", "100 milliseconds", "--progress", "-"));
        run.start();
        org.awaitility.Awaitility.await()
                .until(() -> dir.resolve("checkpoint/commits/1").toFile().exists());

        signals.raise(143);
        run.join();

        assertThat(result[0].exitCode).as(result[0].err).isEqualTo(143);
        long batches = result[0].out.lines().count();
        assertThat(TableRows.count(dir.resolve("table")).rows()).isEqualTo(10 * batches);
        assertThat(tidemark("run", file.toString(), "-q").exitCode).isZero();
        assertThat(TableRows.count(dir.resolve("table")).rows()).isEqualTo(10 * (batches + 1));
    }

    @Test
    void explainShowsThePlansAndWritesNothing() throws Exception {
        Result result = tidemark("explain", file.toString());

        assertThat(result.exitCode).as(result.err).isZero();
        assertThat(result.out)
                .contains("Plan", "== Schema ==", "twice: long", "trigger: once", "sink: delta " + dir + "/table");
        assertThat(filesIn(dir)).containsExactly("numbers.yaml");
    }

    @Test
    void checkpointShowSaysWhatAStartWouldDo() throws Exception {
        tidemark("run", file.toString(), "-q");

        Result shown = tidemark("checkpoint", "show", dir.resolve("checkpoint").toString());

        assertThat(shown.exitCode).as(shown.err).isZero();
        assertThat(shown.out).contains("epoch 1, process ", "0 to 0, 1 of them committed", "plans batch 1");
        JsonNode json = new ObjectMapper()
                .readTree(
                        tidemark("checkpoint", "show", dir.resolve("checkpoint").toString(), "--json").out);
        assertThat(json.get("sound").asBoolean()).isTrue();
        assertThat(json.get("batches").get(0).get("state").asText()).isEqualTo("committed");
    }

    @Test
    void checkpointVerifyNamesAnAlteredFile() throws Exception {
        tidemark("run", file.toString(), "-q");
        String checkpoint = dir.resolve("checkpoint").toString();
        assertThat(tidemark("checkpoint", "verify", checkpoint).out).isEqualTo("sound, batches read: 1\n");
        Path offsets = dir.resolve("checkpoint/offsets/0");
        Files.writeString(
                offsets, Files.readString(offsets).replace("\"batchWatermarkMs\":0", "\"batchWatermarkMs\":1"));

        Result result = tidemark("checkpoint", "verify", checkpoint);

        assertThat(result.exitCode).isEqualTo(1);
        assertThat(result.out).contains("problem      offsets/0: ").endsWith("NOT SOUND, problems: 2\n");
        tidemark("checkpoint", "verify", dir.resolve("none").toString())
                .failsWith(2, "tidemark: TM-2013 FILE_NOT_READABLE: ");
        tidemark("checkpoint")
                .failsWith(2, "tidemark: TM-2006 COMMAND_LINE: Missing command: show, verify, doctor or rewind");
    }

    @Test
    void whatIsWrongOnTheCommandLineIsOneLineToo() {
        tidemark("run").failsWith(2, "tidemark: TM-2006 COMMAND_LINE: Missing required parameter");
        tidemark("run", file.toString(), "--nope")
                .failsWith(2, "tidemark: TM-2006 COMMAND_LINE: Unknown option: '--nope'");
        tidemark("fly").failsWith(2, "tidemark: TM-2006 COMMAND_LINE: ");
        tidemark("run", file.toString(), "--trigger", "sometimes")
                .failsWith(2, "tidemark: TM-2006 COMMAND_LINE: --trigger cannot be 'sometimes'");
        tidemark("demo", "--rows", "0").failsWith(2, "tidemark: TM-2006 COMMAND_LINE: --rows cannot be 0");
        tidemark("broker").failsWith(2, "tidemark: TM-2006 COMMAND_LINE: Missing required option");
    }

    @Test
    void versionAndHelpGoToStandardOutput() {
        assertThat(tidemark("--version").out).startsWith("tidemark ");
        assertThat(tidemark("run", "--help").out).contains("--take-over");
    }

    @Test
    void theDemoCountsWhatItProduced() {
        Result result =
                tidemark("demo", "--rows", "1500", "--dir", dir.resolve("demo").toString());

        assertThat(result.exitCode).as(result.err).isZero();
        assertThat(result.err).contains("check passed: 1,500 rows produced, 1,500 rows in the table");
    }

    private record Result(int exitCode, String out, String err) {
        void failsWith(int code, String start) {
            assertThat(err).startsWith(start).containsOnlyOnce("\n");
            assertThat(exitCode).isEqualTo(code);
        }
    }

    private Result tidemark(String... arguments) {
        return tidemark(Signals.none(), arguments);
    }

    private Result tidemark(Signals signals, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        TreeMap<String, String> environment = new TreeMap<>();
        environment.put("DIR", dir.toString());
        int code = Tidemark.execute(
                arguments,
                new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        environment,
                        false),
                signals);
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static List<String> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }
}
