package io.tidemark.connectors.delta;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.StructType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionTest {
    @TempDir
    Path folder;

    @Test
    void oddPartitionValuesComeBackFromDuckDbAndKernel() throws IOException {
        SinkFixture fixture = new SinkFixture(folder.resolve("odd table 100%"));
        fixture.partitionBy = List.of("page");
        List<@Nullable String> pages = new ArrayList<>(List.of(
                "plain",
                "a b",
                "a/b",
                "50%",
                "%2F",
                "\u00fc\u00f1",
                "\u65e5\u672c",
                "\uD83D\uDE00",
                "a=b:c?d#e&f+g",
                "{[\"'\\^]}",
                "line\nbreak",
                "."));
        pages.add(null);
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            rows.add(new Object[] {(long) i, pages.get(i % pages.size())});
        }
        Sink sink = fixture.open();
        SinkFixture.run(sink, 0, 1, SinkFixture.batch(fixture.schema, rows));

        List<List<@Nullable String>> expected = rows.stream()
                .map(r -> Arrays.asList(String.valueOf(r[0]), (String) r[1]))
                .toList();
        assertThat(DuckDb.table(fixture.path, "id")).containsExactlyInAnyOrderElementsOf(expected);
        List<List<@Nullable Object>> kernel = KernelReader.read(fixture.path);
        assertThat(kernel)
                .containsExactlyInAnyOrderElementsOf(
                        rows.stream().map(r -> Arrays.asList(r)).toList());
        assertThat(new DeltaLog(fixture.path).files()).hasSize(pages.size());
    }

    @Test
    void directoriesAreEscapedAsHiveAndSparkDo() throws IOException {
        SinkFixture fixture = new SinkFixture(folder.resolve("table"));
        fixture.partitionBy = List.of("page");
        List<@Nullable Object[]> rows = new ArrayList<>();
        rows.add(new Object[] {1L, "a/b"});
        rows.add(new Object[] {2L, null});
        rows.add(new Object[] {3L, ""});
        SinkFixture.run(fixture.open(), 0, 1, SinkFixture.batch(fixture.schema, rows));

        assertThat(fixture.path.resolve("page=a%2Fb")).isDirectory();
        assertThat(fixture.path.resolve("page=__HIVE_DEFAULT_PARTITION__")).isDirectory();
        DeltaLog log = new DeltaLog(fixture.path);
        assertThat(log.actions(0, "add").get(0).get("path").textValue()).startsWith("page=a%252Fb/");
        assertThat(log.actions(0, "metaData").get(0).get("partitionColumns").toString())
                .isEqualTo("[\"page\"]");
        List<JsonNode> values =
                log.files().values().stream().map(f -> f.get("partitionValues")).toList();
        assertThat(values.toString())
                .as("the empty string is null, as the protocol has it")
                .isEqualTo("[{\"page\":\"a/b\"}, {\"page\":null}]");
    }

    @Test
    void everyTypeThatMayPartitionDoes() throws IOException {
        SinkFixture fixture = new SinkFixture(folder.resolve("table"));
        fixture.schema = StructType.EMPTY
                .add("v", AtomicType.INT)
                .add("b", AtomicType.BOOLEAN)
                .add("i", AtomicType.SMALLINT)
                .add("l", AtomicType.BIGINT)
                .add("d", AtomicType.DATE)
                .add("ts", AtomicType.TIMESTAMP)
                .add("ntz", AtomicType.TIMESTAMP_NTZ)
                .add("dec", new DecimalType(20, 2))
                .add("f", AtomicType.DOUBLE);
        fixture.partitionBy = fixture.schema.fieldNames().subList(1, 9);
        List<@Nullable Object[]> rows = new ArrayList<>();
        rows.add(new Object[] {
            7,
            true,
            (short) -3,
            Long.MIN_VALUE,
            LocalDate.of(1969, 12, 31),
            Instant.parse("2024-02-29T23:59:59.123456Z"),
            LocalDateTime.parse("1999-12-31T23:59:59.000001"),
            new BigDecimal("-12345678901234567.89"),
            0.1
        });
        rows.add(new Object[] {8, null, null, null, null, null, null, null, null});
        SinkFixture.run(fixture.open(), 0, 1, SinkFixture.batch(fixture.schema, rows));

        assertThat(KernelReader.read(fixture.path))
                .containsExactlyInAnyOrderElementsOf(
                        rows.stream().map(r -> Arrays.asList(r)).toList());
        JsonNode values = new DeltaLog(fixture.path).actions(0, "add").get(0).get("partitionValues");
        assertThat(values.get("ts").textValue()).isEqualTo("2024-02-29T23:59:59.123456Z");
        assertThat(values.get("d").textValue()).isEqualTo("1969-12-31");
    }

    @Test
    void leftoversInPartitionFoldersAreFoundAndAFreshPathWithThemIsStillOurs() throws IOException {
        SinkFixture fixture = new SinkFixture(folder.resolve("table"));
        fixture.partitionBy = List.of("page");
        Sink sink = fixture.open();
        SinkFixture.stage(sink, 0, 1, fixture.batch(new Object[][] {{1L, "a/b"}, {2L, "c"}}));

        Sink restarted = fixture.open();
        restarted.removeLeftovers(0, () -> {});
        try (var walk = Files.walk(fixture.path)) {
            assertThat(walk.filter(Files::isRegularFile)).isEmpty();
        }
        SinkFixture.run(restarted, 0, 2, fixture.batch(new Object[][] {{1L, "a/b"}, {2L, "c"}}));
        restarted.removeLeftovers(0, () -> {});
        fixture.open().removeLeftovers(0, () -> {});
        Map<Path, JsonNode> files = new DeltaLog(fixture.path).files();
        assertThat(files).hasSize(2);
        assertThat(files.keySet()).allSatisfy(f -> assertThat(f).exists());
    }

    @Test
    void filesThatAKilledAttemptHadNotFinishedAreRemovedEverywhereAndNoOthers() throws IOException {
        SinkFixture fixture = new SinkFixture(folder.resolve("table"));
        fixture.partitionBy = List.of("page");
        SinkFixture.run(fixture.open(), 0, 1, fixture.batch(new Object[][] {{1L, "c"}}));
        String end = "-00000-0-c000.snappy.parquet.5f1c7f0e-0000-4000-8000-000000000003.tmp";
        String query = "." + fixture.queryId + "-1-";
        Path partition = fixture.path.resolve("page=c");
        Path dead = Files.createFile(partition.resolve(query + "dead-attempt" + end));
        Path deadInRoot = Files.createFile(fixture.path.resolve(query + "dead-attempt" + end));
        List<Path> others = List.of(
                partition.resolve(".8a04ab30-0000-4000-8000-000000000002-1-dead-attempt" + end),
                partition.resolve(query + "notes.txt"),
                Files.createDirectory(fixture.path.resolve(".hidden")).resolve(query + "dead-attempt" + end));
        for (Path other : others) {
            Files.createFile(other);
        }

        Sink restarted = fixture.open();
        try (Sink.TaskWriter alive = restarted.openTask(new Sink.BatchAttempt(1, 2, "live-attempt"), 0, 0)) {
            Path unfinished = Files.createFile(partition.resolve(query + "live-attempt" + end));
            Path later = partition.resolve(query + "later-attempt" + end);
            restarted.removeLeftovers(0, () -> create(later));

            assertThat(List.of(dead, deadInRoot)).allSatisfy(f -> assertThat(f).doesNotExist());
            assertThat(others).allSatisfy(f -> assertThat(f).exists());
            assertThat(unfinished).as("of an attempt of this run").exists();
            assertThat(later).as("made after the listing").exists();
        }
        assertThat(new DeltaLog(fixture.path).files().keySet()).hasSize(1).allSatisfy(f -> assertThat(f)
                .exists());
    }

    private static void create(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
