package io.tidemark.state;

import static io.tidemark.state.Rows.block;
import static io.tidemark.state.Rows.field;
import static io.tidemark.state.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.types.DataTypes;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.state.codec.RowBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every provider of stores promises. */
public abstract class StateStoresContract {
    protected static final StateStoreId ID = new StateStoreId(0, 1);
    protected static final StateStoreSpec COUNTS = new StateStoreSpec(longs("key"), longs("count"));
    protected static final StateStoreSpec SESSIONS = new StateStoreSpec(
            StateStoreId.DEFAULT, longs("page", "start"), longs("count"), new KeyEncoding.PrefixScan(1));
    protected static final StateStoreSpec TIMERS = new StateStoreSpec(
            StateStoreId.DEFAULT, longs("key", "time"), longs("count"), new KeyEncoding.RangeScan(List.of(1)));

    @TempDir
    protected Path folder;

    protected final CrashingStorage storage = new CrashingStorage(LocalStorage.create());
    protected StateHost host;

    /** Makes the provider under test. */
    protected abstract StateStores stores(StateStoresContext context);

    @BeforeEach
    void start() {
        host = new StateHost(this::stores, storage, folder);
    }

    @AfterEach
    void stop() {
        host.close();
    }

    protected static StructType longs(String... names) {
        return new StructType(Stream.of(names)
                .map(name -> new StructField(name, DataTypes.LongType))
                .toList());
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 6);
    }

    @Test
    void aUseSeesItsOwnWrites() {
        try (StateStore store = host.open(COUNTS, ID, 0)) {
            assertThat(store.get(row(1))).isNull();
            store.put(row(1), row(10));
            store.put(row(2), row(20));
            store.put(row(1), row(11));
            store.remove(row(2));
            store.remove(row(3));

            assertThat(store.get(row(1))).isEqualTo(row(11));
            assertThat(store.get(row(2))).isNull();
            assertThat(store.size()).isEqualTo(1);
            assertThat(StateHost.content(store)).isEqualTo(new TreeMap<>(java.util.Map.of(1L, 11L)));
        }
    }

    @Test
    void manyKeysAreLookedUpInTheOrderTheyAreAskedFor() {
        host.batch(COUNTS, ID, 0, store -> LongStream.range(0, 1000)
                .forEach(k -> store.put(row(k * 7919 % 1000), row(k))));
        host.restart();
        try (StateStore store = host.open(COUNTS, ID, 1)) {
            store.put(row(5), row(-5));
            store.remove(row(6));
            List<byte[]> keys = new ArrayList<>();
            for (long key : new long[] {999, 5, 2000, 6, 0, 5, 999, -1}) {
                keys.add(row(key));
            }
            RowBlock values = store.multiGet(block(keys));

            assertThat(values.count()).isEqualTo(8);
            assertThat(List.of(values.isAbsent(2), values.isAbsent(3), values.isAbsent(7)))
                    .containsOnly(true);
            assertThat(values.copy(1)).isEqualTo(row(-5)).isEqualTo(values.copy(5));
            assertThat(values.copy(0)).isEqualTo(store.get(row(999))).isEqualTo(values.copy(6));
            assertThat(values.copy(4)).isEqualTo(row(0));
        }
    }

    @Test
    void whatWasLookedUpIsPutAndTheLastOfEqualKeysCounts() {
        host.batch(COUNTS, ID, 0, store -> store.put(row(7), row(70)));
        RowBlock often =
                block(LongStream.range(0, 500).mapToObj(i -> row(i * 7 % 10)).toList());
        RowBlock once = block(List.of(row(13), row(9), row(1), row(12)));
        host.batch(COUNTS, ID, 1, store -> {
            store.multiGet(often);
            store.putAll(
                    often, block(LongStream.range(0, 500).mapToObj(Rows::row).toList()));
            assertThat(store.multiGet(once).copy(1)).isEqualTo(row(497));
            store.putAll(once, block(List.of(row(33), row(99), row(11), row(22))));
            store.remove(row(12));
            store.put(row(15), row(55));
            assertThat(store.size()).isEqualTo(12);
        });
        host.restart();
        TreeMap<Long, Long> expected = new TreeMap<>();
        LongStream.range(490, 500).forEach(i -> expected.put(i * 7 % 10, i));
        expected.putAll(java.util.Map.of(13L, 33L, 9L, 99L, 1L, 11L, 15L, 55L));
        try (StateStore store = host.open(COUNTS, ID, 2)) {
            assertThat(StateHost.content(store)).isEqualTo(expected);
        }
    }

    @Test
    void anAbortLeavesTheVersionAsItWas() {
        host.batch(COUNTS, ID, 0, store -> store.put(row(1), row(10)));
        try (StateStore store = host.open(COUNTS, ID, 1)) {
            store.put(row(1), row(99));
            store.put(row(2), row(99));
            store.abort();
        }
        try (StateStore store = host.open(COUNTS, ID, 1)) {
            store.remove(row(1));
        } // closing it is giving up, too

        assertThat(host.content(COUNTS, ID, new StateVersion(1))).isEqualTo(new TreeMap<>(java.util.Map.of(1L, 10L)));
    }

    @Test
    void aNewProcessFindsEveryVersionInTheFilesAlone() {
        List<SortedMap<Long, Long>> versions = history(8);
        host.restart();
        for (int version = 8; version >= 0; version--) {
            assertThat(host.content(COUNTS, ID, new StateVersion(version)))
                    .as("version %d", version)
                    .isEqualTo(versions.get(version));
        }
    }

    /** Makes versions 1 to {@code newest} and returns what each holds. */
    protected List<SortedMap<Long, Long>> history(int newest) {
        List<SortedMap<Long, Long>> versions = new ArrayList<>();
        SortedMap<Long, Long> model = new TreeMap<>();
        versions.add(new TreeMap<>(model));
        for (long version = 0; version < newest; version++) {
            long batch = version;
            host.batch(COUNTS, ID, version, store -> {
                for (long key = batch; key < batch + 5; key++) {
                    store.put(row(key), row(100 * batch + key));
                    model.put(key, 100 * batch + key);
                }
                store.remove(row(batch - 2));
                model.remove(batch - 2);
            });
            versions.add(new TreeMap<>(model));
        }
        return versions;
    }

    @Test
    void aVersionThatWasNotCommittedIsNotKept() {
        host.batch(COUNTS, ID, 0, store -> store.put(row(1), row(10)));
        try (StateStore store = host.open(COUNTS, ID, 1)) {
            store.put(row(1), row(11));
            store.commit(); // the batch fails elsewhere
        }
        host.stores().rolledBack(1);
        host.batch(COUNTS, ID, 1, store -> {
            assertThat(store.get(row(1))).isEqualTo(row(10));
            store.put(row(2), row(20));
        });

        SortedMap<Long, Long> expected = new TreeMap<>(java.util.Map.of(1L, 10L, 2L, 20L));
        assertThat(host.content(COUNTS, ID, new StateVersion(2))).isEqualTo(expected);
        host.restart();
        assertThat(host.content(COUNTS, ID, new StateVersion(2))).isEqualTo(expected);
    }

    @Test
    void twoUsesAtOnceDoNotSeeEachOtherAndEitherMayWin() {
        host.batch(COUNTS, ID, 0, store -> store.put(row(1), row(10)));
        for (boolean firstWins : new boolean[] {true, false}) {
            long version = firstWins ? 1 : 2;
            StateStore slow = host.open(COUNTS, ID, version);
            slow.put(row(1), row(version * 1000 + 1));
            StateStore quick = host.open(COUNTS, ID, version);
            assertThat(quick.get(row(1))).isEqualTo(row(firstWins ? 10 : 1001));
            quick.put(row(1), row(version * 1000 + 2));
            StagedState second = quick.commit();
            StagedState first = slow.commit();
            assertThat(first.files().get(0).staged())
                    .isNotEqualTo(second.files().get(0).staged());
            StagedState winner = firstWins ? first : second;
            host.name(winner);
            host.stores().committed(List.of(winner));
            quick.close();
            slow.close();
            assertThat(host.content(COUNTS, ID, new StateVersion(version + 1)).get(1L))
                    .isEqualTo(version * 1000 + (firstWins ? 1 : 2));
        }
    }

    @Test
    void aSlowAttemptThatEndsAfterItsBatchDoesNoHarm() {
        host.batch(COUNTS, ID, 0, store -> store.put(row(1), row(10)));
        try (StateStore slow = host.open(COUNTS, ID, 1)) {
            slow.put(row(1), row(66));
            host.batch(COUNTS, ID, 1, store -> store.put(row(1), row(11)));
            host.batch(COUNTS, ID, 2, store -> store.put(row(2), row(12)));
            slow.abort();
        }
        assertThat(host.content(COUNTS, ID, new StateVersion(3)))
                .isEqualTo(new TreeMap<>(java.util.Map.of(1L, 11L, 2L, 12L)));
    }

    @Test
    void aVersionIsReadAgainAfterItsSuccessorWasStaged() {
        host.batch(COUNTS, ID, 0, store -> store.put(row(1), row(10)));
        StagedState staged;
        try (StateStore store = host.open(COUNTS, ID, 1)) {
            store.put(row(1), row(11));
            staged = store.commit();
        }
        try (StateStore again = host.open(COUNTS, ID, 1)) {
            assertThat(again.get(row(1))).isEqualTo(row(10));
            again.put(row(1), row(99));
            again.abort();
        }
        host.name(staged);
        host.stores().committed(List.of(staged));
        assertThat(host.content(COUNTS, ID, new StateVersion(2))).isEqualTo(new TreeMap<>(java.util.Map.of(1L, 11L)));
    }

    @Test
    void entriesMayBeRemovedAndPutWhileTheyAreWalkedOver() {
        host.batch(COUNTS, ID, 0, store -> LongStream.range(0, 50).forEach(k -> store.put(row(k), row(k))));
        host.batch(COUNTS, ID, 1, store -> {
            LongStream.range(40, 60).forEach(k -> store.put(row(k), row(-k)));
            store.multiGet(block(LongStream.range(0, 30).mapToObj(Rows::row).toList()));
            List<Long> seen = new ArrayList<>();
            try (StateIterator entries = store.iterator()) {
                while (entries.next()) {
                    long key = field(entries.key(), 0);
                    seen.add(key);
                    if (key % 2 == 0) {
                        store.remove(row(key));
                    } else {
                        store.put(row(key), row(1000 + key));
                    }
                }
            }
            assertThat(seen).hasSize(60).doesNotHaveDuplicates();
        });
        SortedMap<Long, Long> content = host.content(COUNTS, ID, new StateVersion(2));
        assertThat(content).hasSize(30).containsEntry(1L, 1001L).containsEntry(59L, 1059L);
    }

    @Test
    void prefixScansShowWhatBelongsTogether() {
        host.batch(SESSIONS, ID, 0, store -> {
            for (long page = 0; page < 20; page++) {
                for (long start = 0; start < 5; start++) {
                    store.put(row(page, start), row(page * 100 + start));
                }
            }
        });
        host.restart();
        try (StateStore store = host.open(SESSIONS, ID, 1)) {
            store.remove(row(7, 0));
            store.put(row(7, 3), row(-1));
            store.put(row(7, 9), row(9));
            store.put(row(8, 8), row(8));
            store.remove(row(8, 8));
            assertThat(scanned(store.prefixScan(row(7))))
                    .containsExactly("7 1=701", "7 2=702", "7 3=-1", "7 4=704", "7 9=9");
            assertThat(scanned(store.prefixScan(row(8)))).hasSize(5);
            assertThat(scanned(store.prefixScan(row(20)))).isEmpty();
            for (long start = 10; start < 700; start++) { // more writes than are looked through one by one
                store.put(row(start % 3, start), row(start));
            }
            assertThat(scanned(store.prefixScan(row(1)))).hasSize(5 + 230);
            assertThat(scanned(store.prefixScan(row(7)))).hasSize(5);
        }
    }

    @Test
    protected void rangeScansGoByTheOrderOfNumbers() {
        long[] times = {-3_000_000_000L, -256, -1, 0, 1, 255, 256, 65_536, 3_000_000_000L};
        host.batch(TIMERS, ID, 0, store -> {
            for (int i = times.length - 1; i >= 0; i -= 2) {
                store.put(row(i, times[i]), row(i));
            }
        });
        host.restart();
        try (StateStore store = host.open(TIMERS, ID, 1)) {
            for (int i = 1; i < times.length; i += 2) {
                store.put(row(i, times[i]), row(i));
            }
            List<String> all = new ArrayList<>();
            for (int i = 0; i < times.length; i++) {
                all.add(i + " " + times[i] + "=" + i);
            }
            assertThat(scanned(store.rangeScan(null, null))).isEqualTo(all);
            assertThat(scanned(store.rangeScan(row(-256), row(256)))).isEqualTo(all.subList(1, 6));
            assertThat(scanned(store.rangeScan(row(2), null))).isEqualTo(all.subList(5, 9));
            assertThat(scanned(store.rangeScan(null, row(-1)))).isEqualTo(all.subList(0, 2));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void scansShowWhatTheModelHasInItsOrder(long seed) {
        Random random = new Random(seed);
        TreeMap<Long, TreeMap<Long, Long>> model = new TreeMap<>(); // page to start to count; no start is negative
        for (long version = 0; version < 6; version++) {
            String where = "seed " + seed + ", version " + version;
            host.batch(SESSIONS, ID, version, store -> {
                for (int i = 0; i < 400; i++) {
                    long page = random.nextInt(6);
                    long start = random.nextInt(200);
                    TreeMap<Long, Long> sessions = model.computeIfAbsent(page, absent -> new TreeMap<>());
                    switch (random.nextInt(4)) {
                        case 0 -> {
                            store.remove(row(page, start));
                            sessions.remove(start);
                        }
                        case 1 -> {
                            List<String> expected = new ArrayList<>();
                            sessions.forEach((s, count) -> expected.add(page + " " + s + "=" + count));
                            assertThat(scanned(store.prefixScan(row(page))))
                                    .as(where)
                                    .isEqualTo(expected);
                        }
                        default -> {
                            long count = random.nextLong();
                            store.put(row(page, start), row(count));
                            sessions.put(start, count);
                        }
                    }
                }
            });
            if (random.nextInt(3) == 0) {
                host.restart();
            }
        }
    }

    private static List<String> scanned(StateIterator entries) {
        List<String> scanned = new ArrayList<>();
        try (entries) {
            while (entries.next()) {
                byte[] key = entries.key();
                scanned.add(field(key, 0) + " " + field(key, 1) + "=" + field(entries.value(), 0));
            }
        }
        return scanned;
    }

    @Test
    void scansNeedKeysThatAreMadeForThem() {
        try (StateStore store = host.open(COUNTS, ID, 0)) {
            assertThatThrownBy(() -> store.prefixScan(row(1))).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> store.rangeScan(null, null)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aMissingChangeIsNamed() throws IOException {
        history(2);
        Path first = changes().get(0);
        Files.delete(first);
        host.restart();
        assertThatThrownBy(() -> host.open(COUNTS, ID, 2))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE_FILE_MISSING))
                .hasMessageContaining("state/0/1/" + first.getFileName());
    }

    @Test
    void aChangeThatIsTornAnywhereIsNamed() throws IOException {
        history(2);
        Path last = changes().get(1);
        byte[] whole = Files.readAllBytes(last);
        SortedMap<Long, Long> right = host.content(COUNTS, ID, new StateVersion(2));
        int named = 0;
        for (int length = 0; length < whole.length; length += 3) {
            Files.write(last, java.util.Arrays.copyOf(whole, length));
            host.restart();
            try {
                assertThat(host.content(COUNTS, ID, new StateVersion(2)))
                        .as("%d of %d bytes", length, whole.length)
                        .isEqualTo(right); // only the codec's own end is gone, which Spark does without, too
            } catch (TidemarkException e) {
                named++;
                assertThat(e.code()).isEqualTo(ErrorCode.STATE_FILE_CORRUPT);
                assertThat(e).hasMessageContaining(String.valueOf(last.getFileName()));
            }
        }
        assertThat(named).isGreaterThan(whole.length / 3 - 8);
    }

    /** Returns the files that hold the changes, in the order of their versions. */
    protected List<Path> changes() throws IOException {
        return files(".*\\.(changelog|delta)");
    }

    protected List<Path> files(String pattern) throws IOException {
        try (Stream<Path> files = Files.walk(host.checkpoint().resolve("state"))) {
            return files.filter(file -> String.valueOf(file.getFileName()).matches(pattern))
                    .sorted(java.util.Comparator.comparing((Path file) -> number(file)))
                    .toList();
        }
    }

    private static long number(Path file) {
        return Long.parseLong(String.valueOf(file.getFileName()).replaceFirst("[^0-9].*", ""));
    }

    @Test
    void maintenanceKeepsEveryVersionThatIsRetained() {
        List<SortedMap<Long, Long>> versions = new ArrayList<>();
        SortedMap<Long, Long> model = new TreeMap<>();
        versions.add(new TreeMap<>());
        for (long version = 0; version < 40; version++) {
            long key = version % 7;
            long value = version;
            host.batch(COUNTS, ID, version, store -> store.put(row(key), row(value)));
            model.put(key, value);
            versions.add(new TreeMap<>(model));
            host.stores().maintain(version + 1, 5, () -> {});
        }
        host.restart();
        for (int version = 36; version <= 40; version++) {
            assertThat(host.content(COUNTS, ID, new StateVersion(version))).isEqualTo(versions.get(version));
        }
        assertThatThrownBy(() -> host.open(COUNTS, ID, 4)).isInstanceOf(TidemarkException.class); // long gone
    }

    @Test
    void whoLostTheCheckpointRemovesNothing() throws IOException {
        for (long version = 0; version < 30; version++) {
            long key = version;
            host.batch(COUNTS, ID, version, store -> store.put(row(key), row(key)));
            if (version < 29) {
                host.stores().maintain(version + 1, 1000, () -> {});
            }
        }
        List<Path> before = files("[0-9].*");
        RuntimeException fenced = new TidemarkException(ErrorCode.WRITER_FENCED, "Another run owns the checkpoint.");
        assertThatThrownBy(() -> host.stores().maintain(30, 2, () -> {
                    throw fenced;
                }))
                .isSameAs(fenced);
        assertThat(files("[0-9].*")).containsAll(before);
    }

    /** Puts, removals, walks, aborts, restarts, maintenance and crashes between any two steps, against a sorted map. */
    @ParameterizedTest
    @MethodSource("seeds")
    void whateverHappensEveryVersionIsWhatTheModelSays(long seed) {
        Random random = new Random(seed);
        List<SortedMap<Long, Long>> versions = new ArrayList<>(List.of(new TreeMap<>()));
        for (int step = 0; step < 50; step++) {
            String where = "seed " + seed + ", step " + step;
            long version = versions.size() - 1L;
            if (random.nextInt(3) == 0) {
                storage.crashAfter(1 + random.nextInt(12), random.nextBoolean());
            }
            try {
                switch (random.nextInt(8)) {
                    case 0 -> host.restart();
                    case 1 -> host.stores().maintain(version, 1 + random.nextInt(8), () -> {});
                    case 2 ->
                        attempt(random, new TreeMap<>(versions.get((int) version)), version, where)
                                .abort();
                    default -> {
                        SortedMap<Long, Long> next = new TreeMap<>(versions.get((int) version));
                        StagedState state;
                        try (StateStore store = attempt(random, next, version, where)) {
                            state = store.commit();
                        }
                        try {
                            host.name(state);
                        } catch (RuntimeException e) {
                            if (isNamed(state)) {
                                versions.add(next);
                            }
                            throw e;
                        }
                        versions.add(next);
                        host.stores().committed(List.of(state));
                    }
                }
            } catch (RuntimeException e) {
                if (!storage.dead()) {
                    throw new AssertionError(where, e);
                }
            }
            if (storage.dead()) {
                storage.revive();
                host.restart();
            } else {
                storage.revive();
            }
            int newest = versions.size() - 1;
            assertThat(host.content(COUNTS, ID, new StateVersion(newest)))
                    .as(where)
                    .isEqualTo(versions.get(newest));
        }
    }

    private boolean isNamed(StagedState state) {
        return Files.exists(host.checkpoint().resolve(state.files().get(0).target()));
    }

    /** Does the drawn work of a batch, checked against {@code drawn}, which is left as the next version is to be. */
    private StateStore attempt(Random random, SortedMap<Long, Long> drawn, long version, String where) {
        StateStore store = host.open(COUNTS, ID, version);
        for (int i = random.nextInt(60); i > 0; i--) {
            long key = random.nextInt(80);
            switch (random.nextInt(6)) {
                case 0 -> {
                    store.remove(row(key));
                    drawn.remove(key);
                }
                case 1 ->
                    assertThat(store.get(row(key)))
                            .as(where)
                            .isEqualTo(drawn.containsKey(key) ? row(drawn.get(key)) : null);
                case 2 -> {
                    RowBlock values = store.multiGet(block(List.of(row(key), row(key + 1))));
                    assertThat(values.isAbsent(0)).as(where).isEqualTo(!drawn.containsKey(key));
                    assertThat(values.isAbsent(1)).as(where).isEqualTo(!drawn.containsKey(key + 1));
                }
                default -> {
                    store.put(row(key), row(random.nextLong()));
                    drawn.put(key, field(store.get(row(key)), 0));
                }
            }
        }
        assertThat(StateHost.content(store)).as(where).isEqualTo(drawn);
        assertThat(store.size()).as(where).isEqualTo(drawn.size());
        return store;
    }
}
