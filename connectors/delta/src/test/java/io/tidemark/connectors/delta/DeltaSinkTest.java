package io.tidemark.connectors.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.vector.ColumnBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeltaSinkTest {
    @TempDir
    Path folder;

    private SinkFixture fixture;
    private DeltaLog log;

    @BeforeEach
    void table() {
        fixture = new SinkFixture(folder.resolve("table"));
        log = new DeltaLog(fixture.path);
    }

    private ColumnBatch clicks(long from, int count) {
        List<Object[]> rows = new ArrayList<>();
        for (long id = from; id < from + count; id++) {
            rows.add(new Object[] {id, "/p" + id % 3});
        }
        return SinkFixture.batch(fixture.schema, Arrays.asList(rows.toArray(new Object[0][])));
    }

    private List<Long> ids() {
        return DuckDb.table(fixture.path, "id").stream()
                .map(r -> Long.parseLong(r.get(0)))
                .sorted()
                .toList();
    }

    @Test
    void theFirstBatchMakesTheTableAndLaterOnesAppend() {
        Sink sink = fixture.open();
        assertThat(Files.exists(fixture.path)).as("opening writes nothing").isFalse();
        assertThat(sink.ledger()).isEmpty();

        SinkFixture.run(sink, 0, 1, clicks(0, 5), clicks(5, 5));
        SinkFixture.run(sink, 1, 1, clicks(10, 3));

        assertThat(ids()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
        assertThat(log.commits()).hasSize(2);
        assertThat(log.transactions(fixture.queryId.toString())).containsExactly(0L, 1L);
        assertThat(sink.rowsWritten()).isEqualTo(3);
        assertThat(sink.tableId())
                .contains(log.actions(0, "metaData").get(0).get("id").textValue());
    }

    @Test
    void commitInfoSaysWhoWroteWhat() {
        Sink sink = fixture.open();
        SinkFixture.run(sink, 0, 3, clicks(0, 1));
        SinkFixture.run(sink, 1, 3, clicks(1, 2));

        JsonNode info = log.commitInfo(1);
        assertThat(info.get("operation").textValue()).isEqualTo("STREAMING UPDATE");
        assertThat(info.get("operationParameters").toString())
                .isEqualTo("{\"outputMode\":\"Append\",\"queryId\":\"" + fixture.queryId + "\",\"epochId\":\"1\"}");
        assertThat(info.get("isBlindAppend").booleanValue()).isTrue();
        assertThat(info.get("readVersion").longValue()).isZero();
        assertThat(info.get("engineInfo").textValue()).startsWith("Tidemark/");
        assertThat(info.get("operationMetrics").get("numOutputRows").textValue())
                .isEqualTo("2");
        assertThat(info.get("tags").get("tidemark.epoch").textValue()).isEqualTo("3");
        assertThat(info.get("tags").get("tidemark.preparedHash").textValue()).isEqualTo("hash-1");
        assertThat(info.get("tags").get("tidemark.offsetRanges").textValue()).contains("clicks");
        assertThat(info.get("txnId").textValue()).isNotEmpty();
    }

    @Test
    void aBatchThatIsCommittedTwiceLandsOnce() {
        Sink sink = fixture.open();
        String token = SinkFixture.stage(sink, 0, 1, clicks(0, 4));
        sink.commit(SinkFixture.request(0, 1, token));
        sink.commit(SinkFixture.request(0, 1, token));
        Sink restarted = fixture.open();
        restarted.commit(SinkFixture.request(0, 2, token));

        assertThat(ids()).containsExactly(0L, 1L, 2L, 3L);
        assertThat(log.commits()).hasSize(1);
    }

    @Test
    void theLedgerNamesTheNewestBatchAndItsWriter() {
        Sink sink = fixture.open();
        SinkFixture.run(sink, 0, 4, clicks(0, 1));
        SinkFixture.run(sink, 1, 4, clicks(1, 1));
        SinkFixture other = new SinkFixture(fixture.path);
        other.queryId = UUID.fromString("8a04ab30-0000-4000-8000-000000000002");
        SinkFixture.run(other.open(), 0, 9, clicks(2, 1));

        Sink.LedgerEntry entry = fixture.open().ledger().orElseThrow();
        assertThat(entry.batchId()).isEqualTo(1);
        assertThat(entry.epoch()).isEqualTo(4);
        assertThat(entry.preparedHash()).isEqualTo("hash-1");
        assertThat(entry.tableId()).isEqualTo(sink.tableId().orElseThrow());
    }

    @Test
    void aBatchWithoutRowsStillCommitsItsTransaction() {
        Sink sink = fixture.open();
        SinkFixture.run(sink, 0, 1);
        SinkFixture.run(sink, 1, 1, clicks(0, 0));

        assertThat(log.transactions(fixture.queryId.toString())).containsExactly(0L, 1L);
        assertThat(log.files()).isEmpty();
    }

    @Test
    void completeModeReplacesWhatTheTableHeld() {
        fixture.mode = OutputMode.COMPLETE;
        Sink sink = fixture.open();
        SinkFixture.run(sink, 0, 1, clicks(0, 4));
        SinkFixture.run(sink, 1, 1, clicks(100, 2));

        assertThat(ids()).containsExactly(100L, 101L);
        assertThat(log.commitInfo(1).get("isBlindAppend").booleanValue()).isFalse();
        assertThat(log.commitInfo(1)
                        .get("operationParameters")
                        .get("outputMode")
                        .textValue())
                .isEqualTo("Complete");
    }

    @Test
    void aLaterProcessCommitsWhatAnEarlierOneStaged() {
        Sink first = fixture.open();
        String token = SinkFixture.stage(first, 0, 1, clicks(0, 4));
        Sink second = fixture.open();

        assertThat(second.isIntact(token)).isTrue();
        second.commit(SinkFixture.request(0, 2, token));

        assertThat(ids()).containsExactly(0L, 1L, 2L, 3L);
    }

    @Test
    void aStagedFileThatIsGoneOrAlteredIsNotIntact() throws IOException {
        Sink sink = fixture.open();
        String token = SinkFixture.stage(sink, 0, 1, clicks(0, 4));
        Path file;
        try (var files = Files.list(fixture.path)) {
            file = files.findFirst().orElseThrow();
        }
        byte[] content = Files.readAllBytes(file);
        content[10] ^= 1;
        Files.write(file, content);
        assertThat(sink.isIntact(token)).isFalse();
        Files.delete(file);
        assertThat(sink.isIntact(token)).isFalse();
    }

    @Test
    void leftoversOfThisQueryAreRemovedAndNothingElse() throws IOException {
        Sink sink = fixture.open();
        SinkFixture.run(sink, 0, 1, clicks(0, 4));
        String live = SinkFixture.stage(sink, 1, 1, clicks(4, 1));
        Sink.TaskWriter abandoned = sink.openTask(new Sink.BatchAttempt(1, 1, "dead-attempt"), 0, 0);
        abandoned.write(clicks(5, 1));
        abandoned.finish();
        Sink.TaskWriter superseded = sink.openTask(new Sink.BatchAttempt(0, 1, "late-attempt"), 0, 0);
        superseded.write(clicks(5, 1));
        superseded.finish();
        Path foreign = Files.createFile(fixture.path.resolve("part-0.parquet"));

        Sink restarted = fixture.open();
        restarted.removeLeftovers(0, () -> {});

        assertThat(names()).noneMatch(f -> f.contains("late-attempt"));
        assertThat(names())
                .as("until batch 1 is committed, its attempt may be prepared by an owner that was fenced off")
                .anyMatch(f -> f.contains("dead-attempt"));
        assertThat(foreign).exists();
        assertThat(restarted.isIntact(live)).isTrue();
        restarted.commit(SinkFixture.request(1, 2, live));
        restarted.removeLeftovers(1, () -> {});
        assertThat(names()).noneMatch(f -> f.contains("dead-attempt"));
        assertThat(ids()).containsExactly(0L, 1L, 2L, 3L, 4L);
    }

    @Test
    void anAttemptThatFailedTakesItsFilesAlongAndNoOthers() throws IOException {
        Sink sink = fixture.open();
        String live = SinkFixture.stage(sink, 1, 1, clicks(4, 1));
        Sink.BatchAttempt failed = new Sink.BatchAttempt(1, 1, "failed-attempt");
        Sink.TaskWriter writer = sink.openTask(failed, 0, 0);
        writer.write(clicks(5, 1));
        writer.finish();

        sink.abandon(failed);

        assertThat(names()).hasSize(1).noneMatch(f -> f.contains("failed-attempt"));
        assertThat(sink.isIntact(live)).isTrue();
    }

    private List<String> names() throws IOException {
        return allFiles().stream().map(f -> f.getFileName().toString()).toList();
    }

    @Test
    void aRunThatHasLostItsCheckpointRemovesNothing() throws IOException {
        SinkFixture.stage(fixture.open(), 0, 1, clicks(0, 4));
        List<Path> before = allFiles();
        Sink fenced = fixture.open();

        assertThatThrownBy(() -> fenced.removeLeftovers(0, () -> {
                    throw new TidemarkException(ErrorCode.WRITER_FENCED, "Epoch 3 was claimed. Stop this run.");
                }))
                .asInstanceOf(InstanceOfAssertFactories.type(TidemarkException.class))
                .returns(ErrorCode.WRITER_FENCED, TidemarkException::code);

        assertThat(allFiles()).isEqualTo(before).hasSize(1);
    }

    @Test
    void whatALaterOwnerStagesAfterTheListingSurvives() throws IOException {
        SinkFixture.stage(fixture.open(), 0, 1, clicks(0, 4));
        Sink later = fixture.open();
        List<String> tokens = new ArrayList<>();

        fixture.open().removeLeftovers(0, () -> tokens.add(SinkFixture.stage(later, 0, 3, clicks(0, 4))));

        assertThat(allFiles()).hasSize(1);
        assertThat(later.isIntact(tokens.get(0))).isTrue();
    }

    private List<Path> allFiles() throws IOException {
        try (var files = Files.walk(fixture.path)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void everyTenthCommitIsFollowedByACheckpointThatCarriesTheTableOnItsOwn() throws IOException {
        Sink sink = fixture.open();
        for (int batch = 0; batch < 23; batch++) {
            SinkFixture.run(sink, batch, 1, clicks(batch, 1));
            sink.maintain();
        }
        Path logFolder = fixture.path.resolve("_delta_log");
        assertThat(logFolder.resolve("00000000000000000010.checkpoint.parquet")).exists();
        assertThat(logFolder.resolve("00000000000000000020.checkpoint.parquet")).exists();
        assertThat(ids()).hasSize(23);
        for (int version = 0; version < 20; version++) {
            Files.delete(logFolder.resolve(String.format("%020d.json", version)));
        }

        Sink restarted = fixture.open();
        assertThat(restarted.ledger().orElseThrow().batchId()).isEqualTo(22);
        SinkFixture.run(restarted, 23, 2, clicks(23, 1));
        assertThat(logFolder.resolve("00000000000000000023.json")).exists();
    }
}
