package io.tidemark.connectors.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.connectors.delta.TroubledStorage.Trouble;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UpsertTest {
    @TempDir
    Path folder;

    private SinkFixture upserting() {
        return upserting(folder.resolve("table"));
    }

    private static SinkFixture upserting(Path table) {
        SinkFixture fixture = new SinkFixture(table);
        fixture.mode = OutputMode.UPDATE;
        fixture.options.put("mergeKeys", "id");
        return fixture;
    }

    private static List<String> rows(Path table) {
        return DuckDb.table(table, "id", "page").stream()
                .map(r -> r.get(0) + " " + r.get(1))
                .sorted()
                .toList();
    }

    private static Object[] row(Long id, String page) {
        return new Object[] {id, page};
    }

    @Test
    void aRowReplacesTheOneWithItsKeyAndNewKeysAreAdded() throws Exception {
        SinkFixture fixture = upserting();
        Sink sink = fixture.open();
        SinkFixture.run(sink, 0, 1, fixture.batch(row(1L, "a"), row(2L, "b")), fixture.batch(row(3L, "c")));
        SinkFixture.run(sink, 1, 1, fixture.batch(row(2L, "B"), row(4L, "d")));
        assertThat(rows(fixture.path)).containsExactly("1 a", "2 B", "3 c", "4 d");
        assertThat(KernelReader.read(fixture.path)).hasSize(4);
        assertThat(new DeltaLog(fixture.path).transactions(fixture.queryId.toString()))
                .containsExactly(0L, 1L);
    }

    @Test
    void aFileWithoutAnyOfTheKeysStaysAsItIs() {
        SinkFixture fixture = upserting();
        Sink sink = fixture.open();
        SinkFixture.run(sink, 0, 1, fixture.batch(row(1L, "a"), row(2L, "b")), fixture.batch(row(50L, "x")));
        SinkFixture.run(sink, 1, 1, fixture.batch(row(2L, "B")));
        int newest = new DeltaLog(fixture.path).commits().size() - 1;
        assertThat(new DeltaLog(fixture.path).actions(newest, "remove")).hasSize(1);
        assertThat(new DeltaLog(fixture.path)
                        .commitInfo(newest)
                        .get("isBlindAppend")
                        .booleanValue())
                .isFalse();
    }

    @Test
    void nullIsAKeyLikeAnyOtherAsInGroupBy() {
        SinkFixture fixture = upserting();
        Sink sink = fixture.open();
        SinkFixture.run(sink, 0, 1, fixture.batch(row(null, "none"), row(2L, "b")));
        SinkFixture.run(sink, 1, 1, fixture.batch(row(null, "NONE")));
        assertThat(rows(fixture.path)).containsExactly("2 b", "null NONE");
    }

    @Test
    void ofSeveralRowsOfOneKeyInABatchTheLastStays() {
        SinkFixture fixture = upserting();
        Sink sink = fixture.open();
        SinkFixture.run(
                sink, 0, 1, fixture.batch(row(1L, "a"), row(2L, "b"), row(1L, "A")), fixture.batch(row(2L, "B")));
        assertThat(rows(fixture.path)).containsExactly("1 A", "2 B");
    }

    @Test
    void aRowMovesToItsNewPartition() {
        SinkFixture fixture = upserting();
        fixture.partitionBy = List.of("page");
        Sink sink = fixture.open();
        SinkFixture.run(sink, 0, 1, fixture.batch(row(1L, "a"), row(2L, "a"), row(3L, "b")));
        SinkFixture.run(sink, 1, 1, fixture.batch(row(2L, "b")));
        assertThat(DuckDb.table(fixture.path, "id").stream()
                        .map(r -> r.get(0) + " " + r.get(1))
                        .sorted())
                .containsExactly("1 a", "2 b", "3 b");
    }

    @Test
    void aPartitionColumnMayBePartOfTheKey() {
        SinkFixture fixture = upserting();
        fixture.partitionBy = List.of("page");
        fixture.options.put("mergeKeys", "[\"page\", \"ID\"]");
        Sink sink = fixture.open();
        SinkFixture.run(sink, 0, 1, fixture.batch(row(1L, "a"), row(1L, "b")));
        SinkFixture.run(sink, 1, 1, fixture.batch(row(1L, "b"), row(2L, "b")));
        assertThat(DuckDb.table(fixture.path, "id").stream()
                        .map(r -> r.get(0) + " " + r.get(1))
                        .sorted())
                .containsExactly("1 a", "1 b", "2 b");
    }

    @Test
    void aBatchThatLostTheRaceIsWorkedOutAnewOnWhatTheOtherLeft() {
        SinkFixture mine = upserting();
        TroubledStorage storage = new TroubledStorage(LocalStorage.create());
        mine.storage = storage;
        Sink sink = mine.open();
        SinkFixture.run(sink, 0, 1, mine.batch(row(1L, "a"), row(2L, "b")));
        SinkFixture other = upserting();
        other.queryId = UUID.fromString("ffffffff-0000-4000-8000-000000000002");
        storage.beforeCommit = () -> {
            storage.beforeCommit = () -> {};
            SinkFixture.run(other.open(), 0, 1, other.batch(row(2L, "theirs"), row(3L, "theirs")));
        };
        SinkFixture.run(sink, 1, 1, mine.batch(row(3L, "mine"), row(1L, "mine")));
        assertThat(rows(mine.path)).containsExactly("1 mine", "2 theirs", "3 mine");
    }

    @Test
    void aPreparedBatchIsCommittedByTheNextRunOnTheTableAsItIsThen() {
        SinkFixture fixture = upserting();
        Sink first = fixture.open();
        SinkFixture.run(first, 0, 1, fixture.batch(row(1L, "a")));
        String token = SinkFixture.stage(first, 1, 1, fixture.batch(row(1L, "A"), row(9L, "i")));
        SinkFixture other = upserting();
        other.queryId = UUID.fromString("ffffffff-0000-4000-8000-000000000002");
        SinkFixture.run(other.open(), 0, 1, other.batch(row(9L, "theirs")));
        Sink second = fixture.open();
        second.removeLeftovers(0, () -> {});
        assertThat(second.isIntact(token)).isTrue();
        second.commit(SinkFixture.request(1, 2, token));
        second.commit(SinkFixture.request(1, 2, token));
        assertThat(rows(fixture.path)).containsExactly("1 A", "9 i");
    }

    @Test
    void aCommitThatLandsAfterItsRunWasTakenOverNamesFilesThatAreStillThere() throws Exception {
        SinkFixture fixture = upserting();
        TroubledStorage storage = new TroubledStorage(LocalStorage.create());
        fixture.storage = storage;
        Sink first = fixture.open();
        SinkFixture.run(first, 0, 1, fixture.batch(row(1L, "a"), row(2L, "b")));
        String token = SinkFixture.stage(first, 1, 1, fixture.batch(row(1L, "A")));
        List<Sink> successor = new ArrayList<>();
        storage.beforeCommit =
                () -> { // the first run hangs here, its files written, while another claims the checkpoint
                    storage.beforeCommit = () -> {};
                    Sink second = fixture.open();
                    second.removeLeftovers(0, () -> {});
                    successor.add(second);
                };
        first.commit(SinkFixture.request(1, 1, token));
        successor.get(0).commit(SinkFixture.request(1, 2, token));
        assertThat(rows(fixture.path)).containsExactly("1 A", "2 b");
    }

    @Test
    void aColumnThatTheTableGotMeanwhileIsNotEmptiedByRowsThatLackIt() {
        SinkFixture fixture = upserting();
        TroubledStorage storage = new TroubledStorage(LocalStorage.create());
        fixture.storage = storage;
        Sink sink = fixture.open();
        SinkFixture.run(sink, 0, 1, fixture.batch(row(1L, "a")));
        storage.beforeCommit = () -> {
            storage.beforeCommit = () -> {};
            new DeltaLog(fixture.path).addColumn("more");
        };
        assertThatThrownBy(() -> SinkFixture.run(sink, 1, 1, fixture.batch(row(1L, "A"))))
                .isInstanceOf(TidemarkException.class)
                .hasMessageContaining("column 'more' is missing, and an upsert replaces whole rows");
        assertThat(rows(fixture.path)).containsExactly("1 a");
    }

    @Test
    void updateModeNeedsKeysAndKeysNeedUpdateMode() {
        SinkFixture append = upserting();
        append.mode = OutputMode.APPEND;
        assertThatThrownBy(append::open).hasMessageContaining("mergeKeys").hasMessageContaining("update mode only");
        SinkFixture unknown = upserting();
        unknown.options.put("mergeKeys", "idd");
        assertThatThrownBy(unknown::open).hasMessageContaining("no column 'idd' among [id, page]");
        SinkFixture none = upserting();
        none.options.put("mergeKeys", " , ");
        assertThatThrownBy(none::open).hasMessageContaining("Name at least one column");
    }

    @Test
    void aTableWithColumnsThatTheQueryDoesNotWriteIsRefused() {
        SinkFixture wide = new SinkFixture(folder.resolve("table"));
        wide.schema = SinkFixture.CLICKS.add("more", AtomicType.INT);
        SinkFixture.run(wide.open(), 0, 1, wide.batch(new Object[] {1L, "a", 7}));
        assertThatThrownBy(upserting()::open)
                .isInstanceOf(TidemarkException.class)
                .hasMessageContaining("column 'more' is missing, and an upsert replaces whole rows");
    }

    @Test
    void aTableWithAChangeDataFeedIsRefusedByName() {
        SinkFixture maker = new SinkFixture(folder.resolve("table"));
        maker.options.put("delta.enableChangeDataFeed", "true");
        SinkFixture.run(maker.open(), 0, 1, maker.batch(row(1L, "a")));
        assertThatThrownBy(upserting()::open)
                .isInstanceOf(TidemarkException.class)
                .hasMessageContaining("update mode on a table with delta.enableChangeDataFeed");
    }

    @Test
    void keysOfEveryTypeFindTheirRows() {
        StructType schema = StructType.EMPTY
                .add("i", AtomicType.INT)
                .add("d", AtomicType.DATE)
                .add("t", AtomicType.TIMESTAMP)
                .add("s", AtomicType.STRING)
                .add("x", AtomicType.DOUBLE)
                .add("b", AtomicType.BINARY)
                .add("v", AtomicType.BIGINT);
        SinkFixture fixture = new SinkFixture(folder.resolve("types"));
        fixture.schema = schema;
        fixture.mode = OutputMode.UPDATE;
        fixture.options.put("mergeKeys", "i,d,t,s,x,b");
        Sink sink = fixture.open();
        for (long batch = 0; batch < 3; batch++) {
            SinkFixture.run(
                    sink,
                    batch,
                    1,
                    fixture.batch(
                            new Object[] {
                                1,
                                java.time.LocalDate.of(2024, 1, 2),
                                java.time.Instant.parse("2024-01-01T00:00:00.000123Z"),
                                "ü",
                                batch == 1 ? -0.0 : 0.0,
                                new byte[] {1, 2},
                                batch
                            },
                            new Object[] {2, null, null, null, Double.NaN, null, batch}));
        }
        assertThat(DuckDb.table(fixture.path, "i", "v").stream().map(r -> r.get(0) + " " + r.get(1)))
                .containsExactlyInAnyOrder("1 2", "2 2");
    }

    static LongStream seeds() {
        return LongStream.range(0, Boolean.getBoolean("tidemark.full") ? 200 : 10);
    }

    /** Two queries that upsert, a third writer that replaces files, failures and crashes of every kind. */
    @ParameterizedTest
    @MethodSource("seeds")
    void whateverHappensTheTableHoldsTheLastRowOfEachKey(long seed) throws Exception {
        Random random = new Random(seed);
        Path table = folder.resolve("table");
        TroubledStorage storage = new TroubledStorage(LocalStorage.create());
        List<SinkFixture> queries = new ArrayList<>();
        List<Sink> sinks = new ArrayList<>();
        for (int q = 0; q < 2; q++) {
            SinkFixture fixture = upserting(table);
            fixture.queryId = new UUID(0x8a04ab3000004000L, 0x8000000000000000L + q);
            fixture.storage = storage;
            fixture.time = new Impatient();
            queries.add(fixture);
            sinks.add(fixture.open());
        }
        Map<Long, String> model = new TreeMap<>();
        long[] batches = new long[2];
        long[] epochs = {1, 1};
        for (int step = 0; step < 12; step++) {
            int q = random.nextInt(2);
            List<Object[]> rows = new ArrayList<>();
            for (int i = random.nextInt(5); i >= 0; i--) {
                rows.add(row((long) random.nextInt(8), q + "-" + batches[q] + "-" + i));
            }
            String token =
                    SinkFixture.stage(sinks.get(q), batches[q], epochs[q], SinkFixture.batch(SinkFixture.CLICKS, rows));
            for (boolean done = false; !done; ) {
                for (int i = random.nextInt(3); i > 0; i--) {
                    storage.ahead.add(Trouble.values()[random.nextInt(Trouble.values().length)]);
                }
                try {
                    sinks.get(q).commit(SinkFixture.request(batches[q], epochs[q], token));
                    done = true;
                } catch (TidemarkException | TroubledStorage.Crash e) {
                    if (e instanceof TidemarkException typed) {
                        assertThat(typed.code())
                                .as("seed " + seed)
                                .isIn(ErrorCode.STORAGE_FAILED, ErrorCode.STORAGE_FULL, ErrorCode.COMMIT_UNKNOWN);
                    }
                    storage.ahead.clear();
                    epochs[q]++;
                    sinks.set(q, queries.get(q).open());
                    sinks.get(q).removeLeftovers(batches[q] - 1, () -> {});
                    assertThat(sinks.get(q).isIntact(token)).isTrue();
                }
                storage.ahead.clear();
            }
            rows.forEach(r -> model.put((Long) r[0], (String) r[1]));
            batches[q]++;
        }
        List<String> expected = new ArrayList<>();
        model.forEach((id, page) -> expected.add(id + " " + page));
        Collections.sort(expected);
        assertThat(rows(table)).as("seed " + seed).isEqualTo(expected);
        for (int q = 0; q < 2; q++) {
            assertThat(new DeltaLog(table).transactions(queries.get(q).queryId.toString()))
                    .containsExactlyElementsOf(
                            LongStream.range(0, batches[q]).boxed().toList());
        }
    }

    /** The machine's clock for those who cannot wait. */
    private static final class Impatient implements TimeSource {
        @Override
        public long currentTimeMillis() {
            return TimeSource.system().currentTimeMillis();
        }

        @Override
        public long nanoTime() {
            return TimeSource.system().nanoTime();
        }

        @Override
        public void sleep(Duration duration) {}
    }
}
