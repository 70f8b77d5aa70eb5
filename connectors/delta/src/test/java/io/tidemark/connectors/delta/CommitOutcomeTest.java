package io.tidemark.connectors.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.connector.Sink;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.connectors.delta.TroubledStorage.Trouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

class CommitOutcomeTest {
    @TempDir
    Path folder;

    private SinkFixture fixture;
    private TroubledStorage storage;
    private DeltaLog log;

    @BeforeEach
    void table() {
        fixture = new SinkFixture(folder.resolve("table"));
        storage = new TroubledStorage(LocalStorage.create());
        fixture.storage = storage;
        log = new DeltaLog(fixture.path);
    }

    private ColumnBatch click(long id) {
        return fixture.batch(new Object[] {id, "/home"});
    }

    private List<Long> ids() {
        return DuckDb.table(fixture.path, "id").stream()
                .map(r -> Long.parseLong(r.get(0)))
                .sorted()
                .toList();
    }

    private SinkFixture foreign() {
        SinkFixture other = new SinkFixture(fixture.path);
        other.queryId = UUID.fromString("ffffffff-0000-4000-8000-000000000002");
        return other;
    }

    @ParameterizedTest
    @EnumSource(
            value = Trouble.class,
            mode = Mode.INCLUDE,
            names = {"FAIL", "UNKNOWN_NOT_APPLIED", "UNKNOWN_APPLIED", "FAIL_APPLIED", "EXISTS_APPLIED"})
    void whateverStorageAnswersABatchLandsOnce(Trouble trouble) {
        Sink sink = fixture.open();
        storage.ahead.add(trouble);
        SinkFixture.run(sink, 0, 1, click(0));
        storage.ahead.add(trouble);
        SinkFixture.run(sink, 1, 1, click(1));
        SinkFixture.run(sink, 2, 1, click(2));

        assertThat(ids()).containsExactly(0L, 1L, 2L);
        assertThat(log.transactions(fixture.queryId.toString())).containsExactly(0L, 1L, 2L);
    }

    @ParameterizedTest
    @EnumSource(
            value = Trouble.class,
            mode = Mode.INCLUDE,
            names = {"CRASH_BEFORE", "CRASH_AFTER"})
    void aCrashAtTheCommitIsFinishedByTheNextProcess(Trouble trouble) {
        for (long batch = 0; batch < 3; batch++) {
            Sink dying = fixture.open();
            String token = SinkFixture.stage(dying, batch, batch + 1, click(batch));
            storage.ahead.add(trouble);
            Sink.CommitRequest request = SinkFixture.request(batch, batch + 1, token);
            assertThatThrownBy(() -> dying.commit(request)).isInstanceOf(TroubledStorage.Crash.class);

            Sink next = fixture.open();
            long held = next.ledger().map(Sink.LedgerEntry::batchId).orElse(-1L);
            assertThat(held).isEqualTo(trouble == Trouble.CRASH_AFTER ? batch : batch - 1);
            next.commit(request);
        }
        assertThat(ids()).containsExactly(0L, 1L, 2L);
        assertThat(log.commits()).hasSize(3);
    }

    @Test
    void anUnknownOutcomeThatCannotBeReadBackIsSaidToBeUnknown() {
        Sink sink = fixture.open();
        SinkFixture.run(sink, 0, 1, click(0));
        String token = SinkFixture.stage(sink, 1, 1, click(1));
        storage.ahead.add(Trouble.UNKNOWN_APPLIED);
        storage.beforeCommit = () -> storage.unreadable = true;
        Sink.CommitRequest request = SinkFixture.request(1, 1, token);

        assertThatThrownBy(() -> sink.commit(request))
                .asInstanceOf(InstanceOfAssertFactories.type(TidemarkException.class))
                .returns(ErrorCode.COMMIT_UNKNOWN, TidemarkException::code);

        storage.unreadable = false;
        storage.beforeCommit = () -> {};
        assertThat(fixture.open().ledger().orElseThrow().batchId()).isEqualTo(1);
        fixture.open().commit(request);
        assertThat(ids()).containsExactly(0L, 1L);
    }

    @Test
    void storageThatKeepsFailingEndsTheRunAndNothingIsLost() {
        Sink sink = fixture.open();
        String token = SinkFixture.stage(sink, 0, 1, click(0));
        for (int i = 0; i < 4; i++) {
            storage.ahead.add(Trouble.FAIL);
        }
        Sink.CommitRequest request = SinkFixture.request(0, 1, token);
        assertThatThrownBy(() -> sink.commit(request))
                .asInstanceOf(InstanceOfAssertFactories.type(TidemarkException.class))
                .returns(ErrorCode.STORAGE_FAILED, TidemarkException::code);
        sink.commit(request);
        assertThat(ids()).containsExactly(0L);
    }

    @Test
    void aFullDiskIsNamed() {
        Sink sink = fixture.open();
        String token = SinkFixture.stage(sink, 0, 1, click(0));
        storage.ahead.add(Trouble.FULL);
        Sink.CommitRequest request = SinkFixture.request(0, 1, token);
        assertThatThrownBy(() -> sink.commit(request))
                .asInstanceOf(InstanceOfAssertFactories.type(TidemarkException.class))
                .returns(ErrorCode.STORAGE_FULL, TidemarkException::code);
    }

    @Test
    void theAppendsOfOthersAreRebasedOver() {
        Sink sink = fixture.open();
        SinkFixture other = foreign();
        Sink otherSink = other.open();
        AtomicInteger foreignBatch = new AtomicInteger();
        storage.beforeCommit = () -> {
            int batch = foreignBatch.getAndIncrement();
            if (batch % 2 == 0) {
                SinkFixture.run(otherSink, batch, 1, other.batch(new Object[] {1000L + batch, "/other"}));
            }
        };
        for (int batch = 0; batch < 6; batch++) {
            SinkFixture.run(sink, batch, 1, click(batch));
        }

        assertThat(ids()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 1000L, 1002L, 1004L, 1006L, 1008L, 1010L);
        assertThat(log.transactions(fixture.queryId.toString())).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void aRunThatALaterEpochHasOvertakenIsFenced() {
        Sink old = fixture.open();
        SinkFixture.run(old, 0, 1, click(0));
        String late = SinkFixture.stage(old, 1, 1, click(1));
        Sink taker = fixture.open();
        SinkFixture.run(taker, 1, 2, click(1));

        assertThatThrownBy(() -> old.commit(SinkFixture.request(1, 1, late)))
                .asInstanceOf(InstanceOfAssertFactories.type(TidemarkException.class))
                .returns(ErrorCode.WRITER_FENCED, TidemarkException::code);
        String later = SinkFixture.stage(old, 2, 1, click(2));
        assertThatThrownBy(() -> old.commit(SinkFixture.request(2, 1, later)))
                .asInstanceOf(InstanceOfAssertFactories.type(TidemarkException.class))
                .returns(ErrorCode.WRITER_FENCED, TidemarkException::code);
        assertThat(ids()).containsExactly(0L, 1L);
    }

    @Test
    void aBatchThatAnEarlierAttemptCommittedLateIsNotTakenForThisOne() {
        Sink late = fixture.open();
        SinkFixture.run(late, 0, 1, click(0));
        Sink.CommitRequest earlier = SinkFixture.request(1, 1, SinkFixture.stage(late, 1, 1, click(1)));
        Sink owner = fixture.open();
        Sink.CommitRequest same = SinkFixture.request(1, 2, SinkFixture.stage(owner, 1, 2, click(1)));
        Sink.CommitRequest again = new Sink.CommitRequest(
                same.batchId(), same.token(), same.epoch(), same.attemptUuid(), "hash-1.1", same.offsetRanges());
        late.commit(earlier);

        assertThatThrownBy(() -> owner.commit(again))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SINK_CONFLICT))
                .hasMessageContaining("A restart goes on");
        assertThat(ids()).containsExactly(0L, 1L);
        assertThat(log.transactions(fixture.queryId.toString())).containsExactly(0L, 1L);
    }

    @Test
    void removingLeftoversDoesNotMakeTheSinkForgetWhoCommittedMeanwhile() {
        Sink sink = fixture.open();
        SinkFixture.run(sink, 0, 1, click(0));
        String token = SinkFixture.stage(sink, 1, 1, click(1));
        Sink.CommitRequest same = SinkFixture.request(1, 1, token);
        fixture.open().commit(same);
        Sink.TaskWriter lost = fixture.open().openTask(new Sink.BatchAttempt(2, 1, "lost"), 0, 0);
        stageAndAbandon(lost, click(9));
        sink.removeLeftovers(2, () -> {});

        sink.commit(SinkFixture.request(1, 1, token));
        assertThat(log.transactions(fixture.queryId.toString())).containsExactly(0L, 1L);
        assertThat(ids()).containsExactly(0L, 1L);
    }

    private static void stageAndAbandon(Sink.TaskWriter writer, ColumnBatch rows) {
        try {
            writer.write(rows);
            writer.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aTableThatIsReplacedUnderTheQueryIsNoticed() throws IOException {
        Sink sink = fixture.open();
        SinkFixture.run(sink, 0, 1, click(0));
        LocalStorage.create().deleteRecursively(fixture.path.toString());
        SinkFixture other = foreign();
        SinkFixture.run(other.open(), 0, 1, other.batch(new Object[] {7L, "/x"}));
        String token = SinkFixture.stage(sink, 1, 1, click(1));

        assertThatThrownBy(() -> sink.commit(SinkFixture.request(1, 1, token)))
                .asInstanceOf(InstanceOfAssertFactories.type(TidemarkException.class))
                .returns(ErrorCode.SINK_REWOUND, TidemarkException::code);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTableThatIsDeletedUnderTheQueryIsNotMadeAnew(boolean madeByThisRun) throws IOException {
        SinkFixture.run(fixture.open(), 0, 1, click(0));
        Sink sink = fixture.open();
        assertThat(sink.ledger()).isPresent();
        if (madeByThisRun) {
            LocalStorage.create().deleteRecursively(fixture.path.toString());
            sink = fixture.open();
            SinkFixture.run(sink, 0, 1, click(0));
        }
        String token = SinkFixture.stage(sink, 1, 1, click(1));
        LocalStorage.create()
                .deleteRecursively(fixture.path.resolve("_delta_log").toString());

        Sink run = sink;
        assertThatThrownBy(() -> run.commit(SinkFixture.request(1, 1, token)))
                .asInstanceOf(InstanceOfAssertFactories.type(TidemarkException.class))
                .returns(ErrorCode.SINK_REWOUND, TidemarkException::code)
                .extracting(TidemarkException::getMessage, InstanceOfAssertFactories.STRING)
                .contains("is gone", "Put the table back");
        assertThat(fixture.path.resolve("_delta_log")).doesNotExist();
        assertThatThrownBy(run::ledger)
                .asInstanceOf(InstanceOfAssertFactories.type(TidemarkException.class))
                .returns(ErrorCode.SINK_REWOUND, TidemarkException::code);
    }

    @Test
    void aSchemaThatChangesUnderTheQueryIsNoticedAtTheCommit() throws IOException {
        Sink sink = fixture.open();
        SinkFixture.run(sink, 0, 1, click(0));
        String token = SinkFixture.stage(sink, 1, 1, click(1));
        String metaData = Files.readAllLines(log.commits().get(0)).stream()
                .filter(l -> l.contains("\"metaData\""))
                .findFirst()
                .orElseThrow()
                .replace("\\\"page\\\"", "\\\"url\\\"");
        Files.writeString(fixture.path.resolve("_delta_log/00000000000000000001.json"), metaData + "\n");

        assertThatThrownBy(() -> sink.commit(SinkFixture.request(1, 1, token)))
                .isInstanceOf(TidemarkException.class)
                .hasMessageContaining("column 'page' is extra");
    }

    @Test
    void aCheckpointThatCannotBeReadIsLeftAside() throws IOException {
        Sink sink = fixture.open();
        for (int batch = 0; batch < 12; batch++) {
            SinkFixture.run(sink, batch, 1, click(batch));
            sink.maintain();
        }
        Path checkpoint = fixture.path.resolve("_delta_log/00000000000000000010.checkpoint.parquet");
        Files.write(checkpoint, new byte[0]);

        Sink restarted = fixture.open();
        assertThat(restarted.ledger().orElseThrow().batchId()).isEqualTo(11);
        SinkFixture.run(restarted, 12, 2, click(12));
        assertThat(ids()).hasSize(13);

        Files.writeString(fixture.path.resolve("_delta_log/_last_checkpoint"), "{\"version\":99,\"size\"");
        SinkFixture.run(fixture.open(), 13, 3, click(13));
        assertThat(ids()).hasSize(14);

        Files.writeString(fixture.path.resolve("_delta_log/00000000000000000003.json"), "{\"add\":{\"pa");
        assertThatThrownBy(fixture::open)
                .asInstanceOf(InstanceOfAssertFactories.type(TidemarkException.class))
                .returns(ErrorCode.SINK_TABLE_CORRUPT, TidemarkException::code);
    }
}
