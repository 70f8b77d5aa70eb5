package io.tidemark.connectors.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.connector.SinkLedger;
import io.tidemark.api.connector.SinkLedger.RewindPlan;
import io.tidemark.api.connector.SinkLedger.SetBack;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageProvider;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.connectors.delta.TroubledStorage.Trouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Setting a table back to an earlier batch, told by DuckDB, Kernel and the log's own text. */
class RewindTest {
    @TempDir
    Path folder;

    private SinkFixture fixture() {
        return new SinkFixture(folder.resolve("table"));
    }

    private static SinkLedger ledger(SinkFixture fixture) {
        return new DeltaSinkProvider()
                .openLedger(
                        fixture.path.toString(),
                        fixture.queryId,
                        new StorageProvider() {
                            @Override
                            public boolean serves(String scheme) {
                                return true;
                            }

                            @Override
                            public Storage open(String location, SortedMap<String, String> conf) {
                                return fixture.storage;
                            }
                        },
                        TimeSource.system(),
                        new TreeMap<>());
    }

    private static void runBatches(SinkFixture fixture, long epoch, long first, long last) {
        try (Sink sink = fixture.open()) {
            for (long batch = first; batch <= last; batch++) {
                SinkFixture.run(sink, batch, epoch, fixture.batch(new Object[] {batch, "page-" + batch}));
            }
        }
    }

    private static List<String> rows(SinkFixture fixture) {
        List<String> rows = DuckDb.table(fixture.path, "id", "page").stream()
                .map(r -> r.get(0) + " " + r.get(1))
                .sorted()
                .toList();
        try {
            assertThat(KernelReader.read(fixture.path)).hasSameSizeAs(rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    private static List<String> pages(long first, long last) {
        List<String> pages = new ArrayList<>();
        for (long batch = first; batch <= last; batch++) {
            pages.add(batch + " page-" + batch);
        }
        return pages;
    }

    @Test
    void theTableIsWhatItWasAfterTheBatchAndTakesTheLaterOnesAgain() {
        SinkFixture fixture = fixture();
        runBatches(fixture, 1, 0, 4);

        RewindPlan plan = ledger(fixture).rewind(1, 2, "rewind");

        assertThat(plan.removed()).hasSize(3);
        assertThat(plan.returned()).isEmpty();
        assertThat(plan.rowsRemoved()).isEqualTo(3);
        assertThat(rows(fixture)).isEqualTo(pages(0, 1));
        assertThat(ledger(fixture).newest()).hasValueSatisfying(held -> assertThat(held)
                .extracting("batchId", "epoch", "preparedHash")
                .containsExactly(1L, 2L, "hash-1"));
        runBatches(fixture, 3, 2, 5);
        assertThat(rows(fixture)).isEqualTo(pages(0, 5));
        assertThat(new DeltaLog(fixture.path).transactions(fixture.queryId.toString()))
                .containsExactly(0L, 1L, 2L, 3L, 4L, 1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void aSecondRewindLooksPastTheFirst() {
        SinkFixture fixture = fixture();
        runBatches(fixture, 1, 0, 4);
        ledger(fixture).rewind(2, 2, "first");
        runBatches(fixture, 3, 3, 6);

        ledger(fixture).rewind(1, 4, "second");

        assertThat(rows(fixture)).isEqualTo(pages(0, 1));
        ledger(fixture).rewind(0, 5, "third");
        assertThat(rows(fixture)).isEqualTo(pages(0, 0));
        assertThat(ledger(fixture).entry(0)).isPresent();
        assertThat(ledger(fixture).entry(2)).isEmpty();
    }

    @Test
    void doneOnceItIsDone() {
        SinkFixture fixture = fixture();
        runBatches(fixture, 1, 0, 3);
        ledger(fixture).rewind(1, 2, "once");
        int versions = new DeltaLog(fixture.path).commits().size();

        assertThat(ledger(fixture).planRewind(1).needed()).isFalse();
        ledger(fixture).rewind(1, 2, "once");

        assertThat(new DeltaLog(fixture.path).commits()).hasSize(versions);
    }

    @Test
    void planningWritesNothing() {
        SinkFixture fixture = fixture();
        runBatches(fixture, 1, 0, 3);

        RewindPlan plan = ledger(fixture).planRewind(0);

        assertThat(plan.needed()).isTrue();
        assertThat(plan.removed()).hasSize(3);
        assertThat(rows(fixture)).isEqualTo(pages(0, 3));
        assertThat(new DeltaLog(fixture.path).commits()).hasSize(4);
    }

    @Test
    void whatAnUpsertRewroteComesBack() {
        SinkFixture fixture = fixture();
        fixture.mode = OutputMode.UPDATE;
        fixture.options.put("mergeKeys", "id");
        try (Sink sink = fixture.open()) {
            SinkFixture.run(sink, 0, 1, fixture.batch(new Object[] {1L, "a"}, new Object[] {2L, "b"}));
            SinkFixture.run(sink, 1, 1, fixture.batch(new Object[] {2L, "B"}, new Object[] {3L, "c"}));
            SinkFixture.run(sink, 2, 1, fixture.batch(new Object[] {1L, "A"}));
        }

        RewindPlan plan = ledger(fixture).rewind(0, 2, "rewind");

        assertThat(plan.returned()).hasSize(1);
        assertThat(rows(fixture)).containsExactly("1 a", "2 b");
        try (Sink sink = fixture.open()) {
            SinkFixture.run(sink, 1, 3, fixture.batch(new Object[] {2L, "B"}, new Object[] {3L, "c"}));
        }
        assertThat(rows(fixture)).containsExactly("1 a", "2 B", "3 c");
    }

    @Test
    void aReplacedTableComesBackWhole() {
        SinkFixture fixture = fixture();
        fixture.mode = OutputMode.COMPLETE;
        runBatches(fixture, 1, 0, 3);

        ledger(fixture).rewind(1, 2, "rewind");

        assertThat(rows(fixture)).isEqualTo(pages(1, 1));
    }

    @Test
    void aCheckpointOfTheTableOnTheWayDoesNotMatter() throws Exception {
        SinkFixture fixture = fixture();
        fixture.options.put("delta.checkpointInterval", "3");
        for (long batch = 0; batch <= 7; batch++) {
            try (Sink sink = fixture.open()) {
                SinkFixture.run(sink, batch, 1, fixture.batch(new Object[] {batch, "page-" + batch}));
                sink.maintain();
            }
        }

        ledger(fixture).rewind(2, 2, "rewind");

        assertThat(rows(fixture)).isEqualTo(pages(0, 2));
    }

    @Test
    void filesThatVacuumTookAreNamed() throws IOException {
        SinkFixture fixture = fixture();
        fixture.mode = OutputMode.COMPLETE;
        runBatches(fixture, 1, 0, 2);
        try (var files = Files.newDirectoryStream(fixture.path, "*-0-*.parquet")) {
            for (Path file : files) {
                Files.delete(file);
            }
        }

        assertThatThrownBy(() -> ledger(fixture).planRewind(0))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SINK_REWIND_REFUSED))
                .hasMessageContaining("VACUUM")
                .hasMessageContaining(".parquet");
    }

    @Test
    void whoeverElseWroteIsNamed() {
        SinkFixture fixture = fixture();
        runBatches(fixture, 1, 0, 2);
        SinkFixture other = fixture();
        other.queryId = UUID.fromString("8a04ab30-0000-4000-8000-000000000002");
        runBatches(other, 1, 0, 0);

        assertThatThrownBy(() -> ledger(fixture).planRewind(1))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SINK_REWIND_REFUSED))
                .hasMessageContaining("version 3: STREAMING UPDATE by Tidemark")
                .hasMessageContaining(other.queryId.toString());
        assertThat(ledger(fixture).planRewind(2).needed()).isFalse();
    }

    @Test
    void aBatchThatTheLogHasForgottenIsRefused() throws IOException {
        SinkFixture fixture = fixture();
        fixture.options.put("delta.checkpointInterval", "3");
        for (long batch = 0; batch <= 5; batch++) {
            try (Sink sink = fixture.open()) {
                SinkFixture.run(sink, batch, 1, fixture.batch(new Object[] {batch, "page-" + batch}));
                sink.maintain();
            }
        }
        Files.delete(fixture.path.resolve("_delta_log/00000000000000000000.json"));
        Files.delete(fixture.path.resolve("_delta_log/00000000000000000001.json"));

        assertThatThrownBy(() -> ledger(fixture).planRewind(1)).hasMessageContaining("does not tell any more");
        assertThatThrownBy(() -> ledger(fixture).planRewind(9))
                .hasMessageContaining("newest one of this query that it holds is 5");
    }

    /** What Spark's RESTORE leaves: the files of an earlier version, and the ledger as it was. */
    private static void restoreToVersionOne(SinkFixture fixture) throws IOException {
        DeltaLog log = new DeltaLog(fixture.path);
        int newest = log.commits().size();
        StringBuilder lines = new StringBuilder(
                "{\"commitInfo\":{\"timestamp\":1795176000000,\"operation\":\"RESTORE\",\"operationParameters\":{\"version\":1},\"engineInfo\":\"Apache-Spark/4.1.3\",\"userName\":\"ada\"}}\n");
        for (int version = 2; version < newest; version++) {
            for (var add : log.actions(version, "add")) {
                lines.append("{\"remove\":{\"path\":\"")
                        .append(add.get("path").textValue())
                        .append("\",\"deletionTimestamp\":1795176000000,\"dataChange\":true}}\n");
            }
        }
        Files.writeString(fixture.path.resolve("_delta_log/%020d.json".formatted(newest)), lines);
    }

    @Test
    void aRestoreIsNoticedAndRewoundTo() throws IOException {
        SinkFixture fixture = fixture();
        runBatches(fixture, 1, 0, 4);
        restoreToVersionOne(fixture);

        try (Sink sink = fixture.open()) {
            assertThatThrownBy(sink::ledger)
                    .isInstanceOfSatisfying(
                            TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SINK_REWOUND))
                    .hasMessageContaining("RESTORE by Apache-Spark/4.1.3, user ada")
                    .hasMessageContaining("up to 4");
        }
        assertThat(ledger(fixture).setBack()).map(SetBack::newestWhole).hasValue(1L);
        assertThatThrownBy(() -> ledger(fixture).planRewind(3)).hasMessageContaining("that it holds is 1");
        RewindPlan plan = ledger(fixture).rewind(1, 2, "rewind");
        assertThat(plan.removed()).isEmpty();
        assertThat(ledger(fixture).setBack()).isEmpty();
        runBatches(fixture, 3, 2, 3);
        assertThat(rows(fixture)).isEqualTo(pages(0, 3));
    }

    @Test
    void aRestoreThatTakesNothingOfTheQueryAwayIsNone() throws IOException {
        SinkFixture fixture = fixture();
        runBatches(fixture, 1, 0, 1);
        restoreToVersionOne(fixture);

        try (Sink sink = fixture.open()) {
            assertThat(sink.ledger()).map(Sink.LedgerEntry::batchId).hasValue(1L);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Trouble.class,
            names = {"FAIL", "UNKNOWN_NOT_APPLIED", "UNKNOWN_APPLIED", "FAIL_APPLIED", "EXISTS_APPLIED"})
    void whateverStorageRepliesItIsOneRewind(Trouble trouble) {
        SinkFixture fixture = fixture();
        runBatches(fixture, 1, 0, 3);
        TroubledStorage troubled = new TroubledStorage(LocalStorage.create());
        fixture.storage = troubled;
        troubled.ahead.add(trouble);

        ledger(fixture).rewind(1, 2, "rewind");

        assertThat(new DeltaLog(fixture.path).commits()).hasSize(5);
        assertThat(rows(fixture)).isEqualTo(pages(0, 1));
    }

    @Test
    void theOwnerBeforeIsFencedOff() {
        SinkFixture fixture = fixture();
        try (Sink old = fixture.open()) {
            for (long batch = 0; batch <= 3; batch++) {
                SinkFixture.run(old, batch, 1, fixture.batch(new Object[] {batch, "page-" + batch}));
            }
            String late = SinkFixture.stage(old, 4, 1, fixture.batch(new Object[] {4L, "late"}));
            ledger(fixture).rewind(1, 2, "rewind");

            assertThatThrownBy(() -> old.commit(SinkFixture.request(4, 1, late)))
                    .isInstanceOfSatisfying(
                            TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WRITER_FENCED));
        }
        assertThat(rows(fixture)).isEqualTo(pages(0, 1));
    }

    @Test
    void howLongStagedFilesAreKeptFollowsTheTable() {
        SinkFixture fixture = fixture();
        fixture.options.put("delta.deletedFileRetentionDuration", "interval 2 days");
        runBatches(fixture, 1, 0, 0);
        String token;
        try (Sink sink = fixture.open()) {
            token = SinkFixture.stage(sink, 1, 1, fixture.batch(new Object[] {1L, "staged"}));
        }

        long staged = StagedBatch.fromToken(token).files().get(0).modificationTime();
        assertThat(ledger(fixture).keptUntilMillis(token)).hasValue(staged + 2L * 24 * 3_600_000);
    }
}
