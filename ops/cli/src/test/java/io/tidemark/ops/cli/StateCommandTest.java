package io.tidemark.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code tidemark state} and {@code tidemark checkpoint} over checkpoints that Spark published with its tests. */
class StateCommandTest {
    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"hdfs", "rocksdb"})
    void dumpPrintsTheRowsOfAnyBatch(String provider) throws IOException {
        copy("checkpoint-version-4.0.0/" + provider + "/agg");

        Result newest = tidemark("state", "dump", dir.toString(), "--json");
        assertThat(newest.err).isEmpty();
        assertThat(newest.exitCode).isZero();
        assertThat(newest.out)
                .isEqualTo("{\"partition_id\":1,\"key\":{\"_1\":3},\"value\":{\"count\":3}}\n"
                        + "{\"partition_id\":1,\"key\":{\"_1\":5},\"value\":{\"count\":2}}\n"
                        + "{\"partition_id\":2,\"key\":{\"_1\":4},\"value\":{\"count\":3}}\n"
                        + "{\"partition_id\":3,\"key\":{\"_1\":1},\"value\":{\"count\":1}}\n"
                        + "{\"partition_id\":4,\"key\":{\"_1\":2},\"value\":{\"count\":2}}\n"
                        + "{\"partition_id\":4,\"key\":{\"_1\":6},\"value\":{\"count\":1}}\n");
        assertThat(tidemark("state", "dump", dir.toString(), "--batch", "0").out)
                .isEqualTo(
                        "1 {\"_1\":3} -> {\"count\":1}\n3 {\"_1\":1} -> {\"count\":1}\n4 {\"_1\":2} -> {\"count\":1}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.0.0/hdfs", "4.0.0/rocksdb", "4.0.0-checkpoint-v2/rocksdb"})
    void keysThatWereSeenAreDumpedFromEveryFormat(String format) throws IOException {
        copy("checkpoint-version-" + format + "/dedup");

        Result dump = tidemark("state", "dump", dir.toString(), "--json");

        assertThat(dump.err).isEmpty();
        assertThat(dump.out.lines())
                .isNotEmpty()
                .allMatch(line -> line.startsWith("{\"partition_id\":") && line.endsWith("\"value\":{}}"));
    }

    @Test
    void whatIsNotThereIsNamedInOneLine() throws IOException {
        copy("checkpoint-version-4.0.0/hdfs/agg");

        tidemark("state", "dump", dir.toString(), "--operator", "3")
                .failsWith(
                        2,
                        "tidemark: TM-2006 COMMAND_LINE: The checkpoint has no stateful operator 3: it has 0 (stateStoreSave).");
        tidemark("state", "dump", dir.toString(), "--store", "left")
                .failsWith(2, "tidemark: TM-2006 COMMAND_LINE: Operator 0 has no store 'left': it has default.");
        tidemark("state", "dump", dir.toString(), "--batch", "9")
                .failsWith(2, "has no committed batch 9: it has 0 to 3.");
        Files.delete(dir.resolve("state/0/2/4.snapshot"));
        Files.delete(dir.resolve("state/0/2/3.delta"));
        tidemark("state", "dump", dir.toString())
                .failsWith(1, "TM-7002 STATE_FILE_MISSING: Cannot use state file 'state/0/2/3.delta'");
        tidemark("state").failsWith(2, "Missing command: dump");
    }

    @Test
    void showSaysWhichVersionsThereAreAndWhatIsMissing() throws IOException {
        copy("checkpoint-version-4.0.0/rocksdb/agg");

        Result shown = tidemark("checkpoint", "show", dir.toString());
        assertThat(shown.out)
                .contains("operator 0   stateStoreSave\n")
                .contains("  default    5 partitions, newest version 4, versions from 1 on can be had, snapshots 2 4, ")
                .doesNotContain("problem");
        assertThat(tidemark("checkpoint", "verify", dir.toString()).out).isEqualTo("sound, batches read: 4\n");

        Files.delete(dir.resolve("state/0/3/1.changelog"));
        Path damaged = dir.resolve("state/0/4/3.changelog");
        byte[] content = Files.readAllBytes(damaged);
        content[30] ^= 1;
        Files.write(damaged, content);
        assertThat(tidemark("checkpoint", "show", dir.toString()).out).contains("versions from 2 on can be had");
        Result verified = tidemark("checkpoint", "verify", dir.toString());
        assertThat(verified.exitCode).isEqualTo(1);
        assertThat(verified.out)
                .contains("problem      state/0/4/3.changelog: at byte ")
                .endsWith("NOT SOUND, problems: 1\n");

        Files.delete(dir.resolve("state/0/3/4.changelog"));
        Files.delete(dir.resolve("state/0/3/4.zip"));
        assertThat(tidemark("checkpoint", "show", dir.toString()).out)
                .contains("the committed version cannot be had")
                .contains("problem      state/0/3/4.changelog: it is missing, and version 4 needs it. Restore");
        assertThat(tidemark("checkpoint", "show", dir.toString(), "--json").out)
                .contains("\"state\":[{\"operatorId\":0,\"operatorName\":\"stateStoreSave\"")
                .contains("\"stateProblems\":[{\"file\":\"state/0/3/4.changelog\"")
                .contains("\"sound\":false");
    }

    private record Result(int exitCode, String out, String err) {
        void failsWith(int code, String message) {
            assertThat(exitCode).as(err).isEqualTo(code);
            assertThat(err).contains(message);
            assertThat(err.lines()).hasSize(1);
        }
    }

    private static Result tidemark(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Tidemark.execute(
                List.of(arguments),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new TreeMap<>());
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private void copy(String name) throws IOException {
        String prefix = "structured-streaming/" + name + "/";
        URL anchor = StateCommandTest.class.getClassLoader().getResource(prefix);
        assertThat(anchor).as(prefix).isNotNull();
        JarURLConnection connection = (JarURLConnection) anchor.openConnection();
        connection.setUseCaches(false);
        try (JarFile jar = connection.getJarFile()) {
            for (JarEntry entry : java.util.Collections.list(jar.entries())) {
                if (entry.getName().startsWith(prefix) && !entry.isDirectory()) {
                    Path file = dir.resolve(entry.getName().substring(prefix.length()));
                    Files.createDirectories(file.getParent());
                    try (InputStream content = jar.getInputStream(entry)) {
                        Files.copy(content, file);
                    }
                }
            }
        }
    }
}
