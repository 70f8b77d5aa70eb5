package io.tidemark.state.rocksdb;

import static io.tidemark.state.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.state.StagedState;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStores;
import io.tidemark.state.StateStoresContext;
import io.tidemark.state.StateStoresContract;
import io.tidemark.state.StateVersion;
import io.tidemark.state.format.SnapshotArchive;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The RocksDB provider keeps what every provider promises, and its files are Spark's. */
class RocksDbStateStoresTest extends StateStoresContract {
    @Override
    protected StateStores stores(StateStoresContext context) {
        return new RocksDbStateStores(context);
    }

    /** Makes versions 1 to {@code newest} with a snapshot of every third. */
    private List<SortedMap<Long, Long>> historyWithSnapshots(int newest) {
        List<SortedMap<Long, Long>> versions = new ArrayList<>(List.of(new TreeMap<>()));
        SortedMap<Long, Long> model = new TreeMap<>();
        for (long version = 0; version < newest; version++) {
            long from = version * 50;
            host.batch(COUNTS, ID, version, store -> {
                for (long key = from; key < from + 100; key++) {
                    store.put(row(key), row(key * 3));
                    model.put(key, key * 3);
                }
                store.remove(row(from - 1));
                model.remove(from - 1);
            });
            versions.add(new TreeMap<>(model));
            host.stores().maintain(version + 1, 100, () -> {});
        }
        return versions;
    }

    @Test
    void aChangelogHasSparksBytes() throws IOException {
        host.batch(COUNTS, ID, 0, store -> {
            store.put(row(3), row(1));
            store.remove(row(4));
        });
        byte[] content;
        try (var reader = io.tidemark.state.format.ChangelogReader.open(
                "1.changelog", Files.readAllBytes(changes().get(0)))) {
            assertThat(reader.format().number()).isEqualTo(1);
            assertThat(reader.next()).isTrue();
            content = reader.copyKey();
            assertThat(HexFormat.of().formatHex(reader.copyValue())).isEqualTo("0000000000000000000100000000000000");
            assertThat(reader.next()).isTrue();
            assertThat(reader.valueLength()).isEqualTo(-1);
            assertThat(reader.next()).isFalse();
        }
        assertThat(HexFormat.of().formatHex(content)).isEqualTo("0000000000000000000300000000000000");
    }

    @Test
    void snapshotsAndChangelogsTellTheSame() throws IOException {
        List<SortedMap<Long, Long>> versions = historyWithSnapshots(10);
        assertThat(names("[0-9]+\\.zip")).containsExactly("3.zip", "6.zip", "9.zip");

        host.restart();
        for (int version = 1; version <= 10; version++) {
            assertThat(host.content(COUNTS, ID, new StateVersion(version))).isEqualTo(versions.get(version));
        }
        for (Path zip : files("[0-9]+\\.zip")) {
            Files.delete(zip);
        }
        host.restart();
        for (int version = 1; version <= 10; version++) {
            assertThat(host.content(COUNTS, ID, new StateVersion(version))).isEqualTo(versions.get(version));
        }
    }

    @Test
    void aSnapshotAloneIsEnough() throws IOException {
        List<SortedMap<Long, Long>> versions = historyWithSnapshots(9);
        for (Path changelog : changes()) {
            Files.delete(changelog);
        }
        host.restart();
        assertThat(host.content(COUNTS, ID, new StateVersion(9))).isEqualTo(versions.get(9));
        try (StateStore store = host.open(COUNTS, ID, 9)) {
            assertThat(store.size()).isEqualTo(versions.get(9).size());
        }
    }

    @Test
    void aSnapshotIsMadeOfWhatTheOneBeforeHasAndWhatIsNew() throws IOException {
        historyWithSnapshots(6);
        List<String> first = names(".*\\.sst");
        host.restart(); // the new process loads 6.zip and goes on from its files
        for (long version = 6; version < 9; version++) {
            long key = version;
            host.batch(COUNTS, ID, version, store -> store.put(row(key), row(-1)));
            host.stores().maintain(version + 1, 100, () -> {});
        }
        assertThat(names("[0-9]+\\.zip")).contains("9.zip");
        assertThat(names(".*\\.sst")).containsAll(first).hasSize(first.size() + 1);
        host.restart();
        assertThat(host.content(COUNTS, ID, new StateVersion(9)).get(8L)).isEqualTo(-1);
    }

    /** Damages every snapshot file in turn, by a flipped bit, a lost end and removal. */
    @Test
    void aDamagedSnapshotIsReplacedByAnOlderOneAndItsChangelogs() throws IOException {
        List<SortedMap<Long, Long>> versions = historyWithSnapshots(7);
        List<Path> files = new ArrayList<>(files(".*\\.sst"));
        files.addAll(files("[0-9]+\\.zip"));
        assertThat(files).hasSizeGreaterThanOrEqualTo(4);
        for (Path file : files) {
            byte[] whole = Files.readAllBytes(file);
            byte[] flipped = whole.clone();
            flipped[whole.length / 3] ^= 4;
            for (byte[] damaged : new byte[][] {flipped, java.util.Arrays.copyOf(whole, whole.length - 1), null}) {
                Files.delete(file);
                if (damaged != null) {
                    Files.write(file, damaged);
                }
                host.restart();
                assertThat(host.content(COUNTS, ID, new StateVersion(7)))
                        .as("%s", file)
                        .isEqualTo(versions.get(7));
                Files.write(file, whole);
            }
        }
    }

    /** RocksDB makes a new database where it finds none, and would show it for what the snapshot holds. */
    @Test
    void aSnapshotThatNamesNoDatabaseIsNotAnEmptyOne() throws IOException {
        List<SortedMap<Long, Long>> versions = historyWithSnapshots(6);
        Path zip = files("6\\.zip").get(0);
        SnapshotArchive whole = SnapshotArchive.read("6.zip", Files.readAllBytes(zip));
        try (OutputStream out = Files.newOutputStream(zip)) {
            new SnapshotArchive(whole.metadata(), new TreeMap<>()).write(out);
        }
        Files.deleteIfExists(zip.resolveSibling("6.zip.crc"));
        host.restart();
        assertThat(host.content(COUNTS, ID, new StateVersion(6))).isEqualTo(versions.get(6));
    }

    @Test
    void aDamagedSnapshotWithoutTheChangelogsToReplaceItIsNamed() throws IOException {
        historyWithSnapshots(6);
        for (Path changelog : changes()) {
            Files.delete(changelog);
        }
        Files.write(files("6\\.zip").get(0), new byte[100]);
        host.restart();
        assertThatThrownBy(() -> host.open(COUNTS, ID, 6))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE_FILE_CORRUPT))
                .hasMessageContaining("state/0/1/6.zip");
    }

    @Test
    void everyFlippedBitOfAChangelogIsNoticed() throws IOException {
        host.batch(COUNTS, ID, 0, store -> store.put(row(1), row(10)));
        Path file = changes().get(0);
        byte[] whole = Files.readAllBytes(file);
        SortedMap<Long, Long> right = new TreeMap<>(java.util.Map.of(1L, 10L));
        for (int bit = 0; bit < whole.length * 8; bit += 5) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, flipped);
            host.restart();
            try {
                assertThat(host.content(COUNTS, ID, new StateVersion(1)))
                        .as("bit %d", bit)
                        .isEqualTo(right);
            } catch (TidemarkException e) {
                assertThat(e.code()).isIn(ErrorCode.STATE_FILE_CORRUPT, ErrorCode.STATE_FORMAT_UNSUPPORTED);
                assertThat(e).hasMessageContaining("1.changelog");
            }
        }
    }

    @Test
    void whatNoSnapshotRefersToIsRemoved() throws IOException {
        historyWithSnapshots(30);
        Path orphan = files(".*\\.sst").get(0).resolveSibling("000099-0f8fad5b-d9cb-469f-a165-70867728950e.sst");
        Files.write(orphan, new byte[10]);
        List<SortedMap<Long, Long>> versions = new ArrayList<>();
        versions.add(host.content(COUNTS, ID, new StateVersion(30)));
        host.restart();
        host.batch(COUNTS, ID, 30, store -> store.put(row(1), row(1)));
        host.stores().maintain(31, 5, () -> {});

        assertThat(orphan).doesNotExist();
        assertThat(names("[0-9]+\\.zip")).containsExactly("24.zip", "27.zip", "30.zip");
        assertThat(names("[0-9]+\\.changelog").get(0)).isEqualTo("24.changelog");
        assertThat(names(".*\\.crc")).allMatch(name -> Integer.parseInt(name.replaceFirst("\\..*", "")) >= 24);
        host.restart();
        for (long version = 24; version <= 30; version++) {
            host.open(COUNTS, ID, version).close();
        }
        assertThat(host.content(COUNTS, ID, new StateVersion(30))).isEqualTo(versions.get(0));
    }

    @Test
    void aSnapshotThatComesSecondLeavesTheFirst() throws IOException {
        historyWithSnapshots(2);
        host.batch(COUNTS, ID, 2, store -> store.put(row(1), row(2)));
        Path zip = changes().get(0).resolveSibling("3.zip");
        host.stores().maintain(3, 100, () -> write(zip, "of another owner"));
        assertThat(zip).hasContent("of another owner");
        assertThat(zip.resolveSibling("3.zip.crc")).doesNotExist();
    }

    @Test
    void aSnapshotThatRefersToWhatIsGoneIsNothingToRemoveOthersFor() throws IOException {
        List<SortedMap<Long, Long>> versions = historyWithSnapshots(9);
        List<Path> before = files(".*\\.sst");
        historyOf(9, 12);
        Path onlyInTheLast = files(".*\\.sst").stream()
                .filter(file -> !before.contains(file))
                .findFirst()
                .orElseThrow();
        assertThat(names("[0-9]+\\.zip")).containsExactlyInAnyOrder("3.zip", "6.zip", "9.zip", "12.zip");
        Files.delete(onlyInTheLast); // as if the archive was stored late, by an owner that was fenced off
        host.restart();
        SortedMap<Long, Long> twelve = host.content(COUNTS, ID, new StateVersion(12));
        assertThat(twelve).containsEntry(11L, -1L);

        host.stores().maintain(12, 1, () -> {});

        assertThat(names("[0-9]+\\.zip")).containsExactlyInAnyOrder("9.zip", "12.zip");
        host.restart();
        assertThat(host.content(COUNTS, ID, new StateVersion(12))).isEqualTo(twelve);
        assertThat(host.content(COUNTS, ID, new StateVersion(9))).isEqualTo(versions.get(9));
    }

    private void historyOf(long from, long until) {
        for (long version = from; version < until; version++) {
            long key = version;
            host.batch(COUNTS, ID, version, store -> store.put(row(key), row(-1)));
            host.stores().maintain(version + 1, 100, () -> {});
        }
    }

    private static void write(Path file, String content) {
        try {
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void idsNameTheFilesOfCheckpointFormat2() throws IOException {
        host.with("spark.sql.streaming.stateStore.checkpointFormatVersion", "2");
        List<StateVersion> versions = new ArrayList<>(List.of(new StateVersion(0)));
        for (long number = 0; number < 8; number++) {
            long key = number;
            versions.add(host.batch(COUNTS, ID, versions.get((int) number), store -> {
                assertThat(store.size()).isEqualTo(key);
                store.put(row(key), row(key));
            }));
            host.stores().maintain(number + 1, 100, () -> {});
            if (number == 4) {
                host.restart();
            }
        }
        StateVersion newest = versions.get(8);
        assertThat(newest.uniqueId()).isNotNull();
        assertThat(names(".*\\.changelog")).allMatch(name -> name.matches("[0-9]+_[-0-9a-f]{36}\\.changelog"));
        assertThat(names(".*\\.zip")).hasSize(2).allMatch(name -> name.matches("[36]_[-0-9a-f]{36}\\.zip"));

        Path other = files("8_.*").get(0).resolveSibling("8_00000000-0000-0000-0000-000000000000.changelog");
        Files.write(other, new byte[] {1}); // of an attempt that came to nothing
        host.restart();
        for (StateVersion version : versions) {
            assertThat(host.content(COUNTS, ID, version)).hasSize((int) version.number());
        }
        for (Path zip : files(".*\\.zip")) {
            Files.delete(zip);
        }
        host.restart();
        assertThat(host.content(COUNTS, ID, newest)).hasSize(8);
    }

    @Test
    void aSnapshotOfAnAttemptThatCameToNothingDoesNotStandForWhatIsBeforeIt() throws IOException {
        host.with("spark.sql.streaming.stateStore.checkpointFormatVersion", "2");
        StateVersion version = new StateVersion(0);
        for (long batch = 0; batch < 5; batch++) {
            long key = batch;
            version = host.batch(COUNTS, ID, version, store -> store.put(row(key), row(key)));
            host.stores().maintain(version.number(), 100, () -> {});
        }
        Path zip = files("3_.*\\.zip").get(0);
        Files.copy(zip, zip.resolveSibling("5_00000000-0000-4000-8000-000000000005.zip"));
        host.restart();
        host.content(COUNTS, ID, version);
        host.stores().maintain(5, 1, () -> {});
        assertThat(names("[12]_.*")).as("something was cleaned").isEmpty();
        host.restart();
        assertThat(host.content(COUNTS, ID, version)).containsOnlyKeys(0L, 1L, 2L, 3L, 4L);
    }

    @Test
    void aUseThatWritesMuchLetsTheDatabaseHaveIt() {
        host.with("spark.sql.shuffle.partitions", "1000000");
        host.batch(COUNTS, ID, 0, store -> store.put(row(-1), row(0)));
        host.batch(COUNTS, ID, 1, store -> {
            for (long key = 0; key < 60_000; key++) {
                store.put(row(key), row(key));
            }
            assertThat(store.size()).isEqualTo(60_001);
            store.remove(row(-1));
            assertThat(store.get(row(30_000))).isEqualTo(row(30_000));
            try (StateStore other = host.open(COUNTS, ID, 1)) { // finds the version as it was
                assertThat(other.size()).isEqualTo(1);
                assertThat(other.get(row(30_000))).isNull();
            }
        });
        assertThat(host.content(COUNTS, ID, new StateVersion(2))).hasSize(60_000);
        try (StateStore store = host.open(COUNTS, ID, 2)) {
            for (long key = 0; key < 60_000; key++) {
                store.remove(row(key));
            }
            store.abort();
        }
        assertThat(host.content(COUNTS, ID, new StateVersion(2))).hasSize(60_000);
        host.restart();
        try (StateStore store = host.open(COUNTS, ID, 2)) {
            assertThat(store.size()).isEqualTo(60_000);
        }
    }

    /** Eight partitions on four threads, a slower second attempt at each task, and maintenance all the while. */
    @Test
    void manyPartitionsGoOnWhileTheyAreMaintained() throws Exception {
        ExecutorService tasks = Executors.newFixedThreadPool(4);
        ExecutorService background = Executors.newSingleThreadExecutor();
        AtomicLong committed = new AtomicLong();
        AtomicBoolean done = new AtomicBoolean();
        try {
            Future<Long> maintained = background.submit(() -> {
                long rounds = 0;
                while (!done.get()) {
                    host.stores().maintain(committed.get(), 4, () -> {});
                    rounds++;
                }
                return rounds;
            });
            for (long version = 0; version < 15; version++) {
                long batch = version;
                List<Future<StagedState>> states = new ArrayList<>();
                for (int partition = 0; partition < 8; partition++) {
                    StateStoreId id = new StateStoreId(1, partition);
                    Callable<StagedState> attempt = () -> {
                        try (StateStore store = host.stores()
                                .open(
                                        COUNTS,
                                        id,
                                        new StateVersion(batch),
                                        batch + "/run-0-" + id.partition() + "-"
                                                + Thread.currentThread().getId())) {
                            assertThat(store.size()).isEqualTo(batch * 20);
                            for (long key = batch * 20; key < batch * 20 + 20; key++) {
                                store.put(row(key), row(key + id.partition()));
                            }
                            return store.commit();
                        }
                    };
                    states.add(tasks.submit(attempt));
                    if (partition % 3 == 0) {
                        tasks.submit(
                                () -> { // loses: nobody asks what became of it
                                    try (StateStore store = host.open(COUNTS, id, batch)) {
                                        store.put(row(-1), row(-1));
                                    }
                                });
                    }
                }
                List<StagedState> winners = new ArrayList<>();
                for (Future<StagedState> state : states) {
                    winners.add(state.get());
                }
                winners.forEach(host::name);
                committed.set(version + 1);
                host.stores().committed(winners);
            }
            done.set(true);
            assertThat(maintained.get()).isPositive();
        } finally {
            done.set(true);
            tasks.shutdown();
            background.shutdown();
            assertThat(tasks.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        }
        host.restart();
        for (int partition = 0; partition < 8; partition++) {
            SortedMap<Long, Long> content = host.content(COUNTS, new StateStoreId(1, partition), new StateVersion(15));
            assertThat(content).hasSize(300).containsEntry(299L, 299L + partition);
        }
    }

    @Test
    void aDatabaseThatFailsIsMadeAnew() throws IOException {
        List<SortedMap<Long, Long>> versions = historyWithSnapshots(4);
        try (Stream<Path> local = Files.walk(folder.resolve("local"))) {
            for (Path file : local.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file); // as a disk that goes away would
            }
        }
        host.batch(COUNTS, ID, 4, store -> store.put(row(-1), row(-1)));
        host.batch(COUNTS, ID, 5, store -> store.put(row(-2), row(-2)));
        assertThatThrownBy(() -> host.stores().maintain(6, 100, () -> {}))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE_STORE_FAILED))
                .hasMessageContaining("state/0/1");
        versions.get(4).putAll(java.util.Map.of(-1L, -1L, -2L, -2L));
        assertThat(host.content(COUNTS, ID, new StateVersion(6))).isEqualTo(versions.get(4));
        host.stores().maintain(6, 100, () -> {});
        assertThat(names("[0-9]+\\.zip")).contains("6.zip");
    }

    @Test
    void memoryStaysInItsBudgetWhateverIsRead() {
        host.with("tidemark.state.memory", "16m");
        long version = 0;
        for (; version < 6; version++) {
            long batch = version;
            host.batch(COUNTS, ID, version, store -> {
                for (long key = 0; key < 60_000; key++) {
                    store.put(row(batch * 60_000 + key), row(key * 0x9e3779b97f4a7c15L));
                }
            });
        }
        try (StateStore store = host.open(COUNTS, ID, version)) {
            for (long key = 0; key < 360_000; key += 7) {
                store.get(row(key));
            }
            assertThat(store.memoryBytes()).isBetween(1L << 20, (16L << 20) + (10L << 20)); // what it remembers, too
        }
    }

    @Test
    void metricsAreSparks() {
        StateStore store = host.open(COUNTS, ID, 0);
        store.put(row(1), row(1));
        store.get(row(2));
        StagedState state = store.commit();
        assertThat(state.files()).hasSize(1);
        assertThat(store.metrics())
                .hasSize(33)
                .containsEntry("rocksdbPutCount", 1L)
                .containsEntry("rocksdbGetCount", 1L)
                .containsKey("rocksdbChangeLogWriterCommitLatencyMs");
    }

    @Test
    void settingsThatCannotBeAreRefusedByName() {
        for (String[] wrong : new String[][] {
            {"tidemark.state.memory", "much"},
            {"spark.sql.streaming.stateStore.rocksdb.formatVersion", "7"},
            {"spark.sql.streaming.stateStore.rocksdb.compression", "rar"},
            {"spark.sql.streaming.stateStore.minDeltasForSnapshot", "0"},
        }) {
            SortedMap<String, String> conf = new TreeMap<>(java.util.Map.of(wrong[0], wrong[1]));
            assertThatThrownBy(() -> RocksDbConf.of(conf))
                    .isInstanceOfSatisfying(
                            TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONF))
                    .hasMessageContaining(wrong[1]);
        }
        assertThat(RocksDbConf.of(new TreeMap<>(java.util.Map.of("tidemark.state.memory", "2g")))
                        .memoryBytes())
                .isEqualTo(2L << 30);
    }

    private List<String> names(String pattern) throws IOException {
        return files(pattern).stream()
                .map(file -> String.valueOf(file.getFileName()))
                .toList();
    }
}
