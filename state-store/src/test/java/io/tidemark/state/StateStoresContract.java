package io.tidemark.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.state.codec.RowBlock;
import io.tidemark.state.codec.RowDecoder;
import io.tidemark.state.codec.RowEncoder;
import io.tidemark.state.format.StateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every provider of state promises. Keys are (word, number), values a number; a store is told as a sorted map. */
public abstract class StateStoresContract {
    protected static final StructType KEY =
            StructType.of(new StructField("word", AtomicType.STRING), new StructField("number", AtomicType.INT));
    protected static final StructType VALUE = StructType.of(new StructField("count", AtomicType.BIGINT));
    protected static final StateStoreId ID = new StateStoreId(0, 3);

    protected final Storage storage = LocalStorage.create();
    protected final SortedMap<String, String> conf = new TreeMap<>();
    protected StateStores stores;

    @TempDir
    protected Path root;

    @TempDir
    protected Path local;

    /** Returns the provider under test, over {@link #context}. */
    protected abstract StateStores provider(StateStoresContext context);

    protected StateStoresContext context() {
        conf.putIfAbsent("spark.sql.streaming.stateStore.minDeltasForSnapshot", "3");
        return new StateStoresContext(storage, root.toString(), local, conf);
    }

    @BeforeEach
    void open() {
        stores = provider(context());
    }

    @AfterEach
    void close() {
        stores.close();
    }

    /** As if the process had been started again. */
    protected void restart() {
        stores.close();
        stores = provider(context());
    }

    protected static StateStoreSpec plain() {
        return new StateStoreSpec(KEY, VALUE);
    }

    protected static StateStoreSpec byWord() {
        return new StateStoreSpec(StateStoreId.DEFAULT, KEY, VALUE, new KeyEncoding.PrefixScan(1));
    }

    @Test
    void aStoreSeesItsOwnWritesAndTheNextVersionSeesThemToo() throws IOException {
        try (StateStore store = stores.open(plain(), ID, new StateVersion(0), "0/a")) {
            assertThat(store.get(key("a", 1))).isNull();
            store.put(key("a", 1), value(10));
            store.put(key("b", 1), value(20));
            store.put(key("b", 1), value(21));
            store.remove(key("a", 1));
            store.remove(key("never", 0));
            assertThat(contents(store)).isEqualTo(map("b 1", 21));
            assertThat(store.size()).isIn(1L, -1L);
            assertThat(store.version()).isEqualTo(new StateVersion(0));
            finish(store.commit());
        }
        for (int start = 0; start < 2; start++) {
            try (StateStore store = stores.open(plain(), ID, new StateVersion(1), "1/a")) {
                assertThat(contents(store)).isEqualTo(map("b 1", 21));
                assertThat(store.size()).isIn(1L, -1L);
                assertThat(store.memoryBytes()).isPositive();
            }
            restart();
        }
    }

    @Test
    void manyKeysAreReadAndWrittenAtOnce() throws IOException {
        try (StateStore store = stores.open(plain(), ID, new StateVersion(0), "0/a")) {
            store.putAll(keys("a", "b", "c"), values(1, 2, 3));
            store.removeAll(keys("b", "x"));
            RowBlock found = store.multiGet(keys("c", "b", "a", "c"));
            assertThat(number(found, 0)).isEqualTo(3);
            assertThat(found.isAbsent(1)).isTrue();
            assertThat(number(found, 2)).isEqualTo(1);
            assertThat(number(found, 3)).isEqualTo(3);
            assertThat(store.multiGet(RowBlock.EMPTY).count()).isZero();
        }
    }

    @Test
    void whatIsAbortedLeavesNoTrace() throws IOException {
        write(0, "a", 1);
        StateStore store = stores.open(plain(), ID, new StateVersion(1), "1/a");
        store.put(key("b", 0), value(2));
        store.abort();
        store.close();
        assertThat(read(1)).isEqualTo(map("a 0", 1));
    }

    @Test
    void aVersionThatIsNotCommittedCanBeMadeAgain() throws IOException {
        write(0, "a", 1);
        try (StateStore store = stores.open(plain(), ID, new StateVersion(1), "1/a")) {
            store.put(key("wrong", 0), value(2));
            store.commit();
        }
        stores.rolledBack(1);
        assertThat(read(1)).isEqualTo(map("a 0", 1));
        write(1, "right", 3);
        assertThat(read(2)).isEqualTo(map("a 0", 1, "right 0", 3));
        restart();
        assertThat(read(2)).isEqualTo(map("a 0", 1, "right 0", 3));
    }

    @Test
    void ofTwoAttemptsTheCommittedOneCounts() throws IOException {
        write(0, "a", 1);
        StateStore slow = stores.open(plain(), ID, new StateVersion(1), "1/slow");
        StateStore fast = stores.open(plain(), ID, new StateVersion(1), "1/fast");
        slow.put(key("slow", 0), value(2));
        fast.put(key("fast", 0), value(3));
        assertThat(contents(slow)).isEqualTo(map("a 0", 1, "slow 0", 2));
        StagedState ofFast = fast.commit();
        slow.commit();
        finish(ofFast);
        assertThat(read(2)).isEqualTo(map("a 0", 1, "fast 0", 3));
        restart();
        assertThat(read(2)).isEqualTo(map("a 0", 1, "fast 0", 3));
    }

    @Test
    void whatIsWalkedOverMayBeChangedMeanwhile() throws IOException {
        try (StateStore store = stores.open(plain(), ID, new StateVersion(0), "0/a")) {
            for (int i = 0; i < 100; i++) {
                store.put(key("k", i), value(i));
            }
            int seen = 0;
            try (StateIterator it = store.iterator()) {
                while (it.next()) {
                    store.remove(it.key());
                    store.put(key("new", seen), it.value());
                    seen++;
                }
            }
            assertThat(seen).isBetween(100, 200);
            assertThat(contents(store).keySet()).allMatch(key -> key.startsWith("new"));
        }
    }

    @Test
    void aPrefixFindsItsKeysAndNoOthers() throws IOException {
        StructType word = StructType.of(KEY.field(0));
        try (StateStore store = stores.open(byWord(), ID, new StateVersion(0), "0/a")) {
            for (String text : List.of("", "a", "ab", "abcdefgh", "abcdefghi", "b", "\u00ff", "\uffff")) {
                for (int i = -2; i <= 2; i++) {
                    store.put(key(text, i), value(i));
                }
            }
            finish(store.commit());
        }
        try (StateStore store = stores.open(byWord(), ID, new StateVersion(1), "1/a")) {
            store.put(key("ab", 7), value(7));
            store.remove(key("ab", 0));
            for (String text : List.of("", "a", "ab", "abcdefgh", "abcdefghi", "b", "\u00ff", "\uffff", "none")) {
                List<String> found = new ArrayList<>();
                try (StateIterator it = store.prefixScan(encode(word, text))) {
                    while (it.next()) {
                        found.add(text(it.key()));
                    }
                }
                assertThat(found).as(text).allMatch(key -> key.startsWith(text + " "));
                assertThat(found).as(text).hasSize(text.equals("none") ? 0 : 5);
            }
        }
        try (StateStore store = stores.open(plain(), new StateStoreId(0, 4), new StateVersion(0), "0/b")) {
            assertThatThrownBy(() -> store.prefixScan(encode(word, "a"))).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        for (int version = 0; version < 3; version++) {
            write(version, "k" + version, version);
        }
        restart();
        try (var files = Files.list(root.resolve(ID.directory()))) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith("2."))
                    .toList()) {
                Files.delete(file);
            }
        }
        assertThatThrownBy(() -> stores.open(plain(), ID, new StateVersion(3), "3/a"))
                .isInstanceOf(TidemarkException.class)
                .hasMessageContaining("'" + ID.directory() + "/2.");
    }

    @Test
    void whateverIsDoneTheVersionsAreThoseOfASortedMap() throws IOException {
        for (long seed = 1; seed <= 4; seed++) {
            Random random = new Random(seed);
            StateStoreId id = new StateStoreId(0, 100 + (int) seed);
            StateStoreSpec spec = seed % 2 == 0 ? plain() : byWord();
            TreeMap<String, Long> model = new TreeMap<>();
            TreeMap<Long, TreeMap<String, Long>> versions = new TreeMap<>();
            versions.put(0L, new TreeMap<>());
            for (long version = 0; version < 14; version++) {
                try (StateStore store = stores.open(spec, id, new StateVersion(version), version + "/" + seed)) {
                    for (int i = random.nextInt(40); i > 0; i--) {
                        String word = "w" + random.nextInt(6);
                        int number = random.nextInt(4);
                        if (random.nextInt(3) == 0) {
                            store.remove(key(word, number));
                            model.remove(word + " " + number);
                        } else {
                            store.put(key(word, number), value(i));
                            model.put(word + " " + number, (long) i);
                        }
                    }
                    assertThat(contents(store))
                            .as("seed %d version %d", seed, version)
                            .isEqualTo(model);
                    assertThat(store.size()).isIn((long) model.size(), -1L);
                    finish(store.commit());
                }
                versions.put(version + 1, new TreeMap<>(model));
                if (random.nextInt(3) == 0) {
                    stores.maintain(version + 1, 100, () -> {});
                }
                if (random.nextInt(5) == 0) {
                    restart();
                }
            }
            restart();
            for (var version : versions.entrySet()) {
                try (StateStore store = stores.open(spec, id, new StateVersion(version.getKey()), "x/" + seed)) {
                    assertThat(contents(store))
                            .as("seed %d version %d", seed, version.getKey())
                            .isEqualTo(version.getValue());
                }
            }
        }
    }

    @Test
    void oldVersionsGoAndThoseToBeKeptStayLoadable() throws IOException {
        TreeMap<String, Long> all = new TreeMap<>();
        for (int version = 0; version < 20; version++) {
            write(version, "k" + version, version);
            all.put("k" + version + " 0", (long) version);
            stores.maintain(version + 1, 5, () -> {});
        }
        restart();
        for (int version = 16; version <= 20; version++) {
            assertThat(read(version)).hasSize(version);
        }
        assertThat(read(20)).isEqualTo(all);
        try (var files = Files.list(root.resolve(ID.directory()))) {
            List<String> names =
                    files.map(path -> path.getFileName().toString()).toList();
            assertThat(names).noneMatch(name -> name.matches("[1-9]\\..*"));
            for (String name : names) {
                if (name.endsWith(".crc")) {
                    assertThat(names).contains(name.substring(0, name.length() - 4));
                }
            }
        }
    }

    @Test
    void maintenanceOfALostCheckpointChangesNothing() throws IOException {
        for (int version = 0; version < 20; version++) {
            write(version, "k" + version, version);
        }
        List<String> before = files();
        Runnable lost = () -> {
            throw new IllegalStateException("another run owns it");
        };
        assertThatThrownBy(() -> stores.maintain(20, 2, lost)).hasMessage("another run owns it");
        assertThat(files()).isEqualTo(before);
    }

    protected List<String> files() throws IOException {
        try (var files = Files.walk(root.resolve("state"))) {
            return files.filter(Files::isRegularFile)
                    .map(path -> root.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    /** Gives staged files their names, as the commit of a batch does. */
    protected void finish(StagedState state) throws IOException {
        for (StagedState.File file : state.files()) {
            StateFiles.deleteSidecars(storage, root.toString(), file.target());
            storage.delete(root + "/" + file.target());
            storage.link(root + "/" + file.staged(), root + "/" + file.target());
        }
        stores.committed(List.of(state));
    }

    /** Makes version {@code from + 1} of {@link #ID} with one more entry. */
    protected void write(long from, String word, long count) throws IOException {
        try (StateStore store = stores.open(plain(), ID, new StateVersion(from), from + "/w")) {
            store.put(key(word, 0), value(count));
            finish(store.commit());
        }
    }

    protected SortedMap<String, Long> read(long version) {
        try (StateStore store = stores.open(plain(), ID, new StateVersion(version), version + "/r")) {
            return contents(store);
        }
    }

    protected static SortedMap<String, Long> contents(StateStore store) {
        TreeMap<String, Long> all = new TreeMap<>();
        try (StateIterator it = store.iterator()) {
            while (it.next()) {
                assertThat(all.put(text(it.key()), number(it.value()))).isNull();
            }
        }
        return all;
    }

    protected static SortedMap<String, Long> map(Object... entries) {
        TreeMap<String, Long> map = new TreeMap<>();
        for (int i = 0; i < entries.length; i += 2) {
            map.put((String) entries[i], ((Number) entries[i + 1]).longValue());
        }
        return map;
    }

    protected static byte[] key(String word, int number) {
        return encode(KEY, word, number);
    }

    protected static byte[] value(long count) {
        return encode(VALUE, count);
    }

    private static RowBlock keys(String... words) {
        RowBlock.Builder block = new RowBlock.Builder(4, 64);
        for (String word : words) {
            block.add(key(word, 0));
        }
        return block.build();
    }

    private static RowBlock values(long... counts) {
        RowBlock.Builder block = new RowBlock.Builder(4, 64);
        for (long count : counts) {
            block.add(value(count));
        }
        return block.build();
    }

    protected static byte[] encode(StructType schema, Object... values) {
        List<ColumnVector> columns = new ArrayList<>();
        for (int i = 0; i < schema.size(); i++) {
            VectorBuilder column = VectorBuilder.of(schema.field(i).dataType(), 1);
            column.append(values[i]);
            columns.add(column.build());
        }
        return new RowEncoder(schema).encode(columns, Selection.all(1)).copy(0);
    }

    private static String text(byte[] key) {
        List<ColumnVector> columns = decode(KEY, key);
        return columns.get(0).value(0) + " " + columns.get(1).value(0);
    }

    private static long number(byte[] value) {
        return (Long) decode(VALUE, value).get(0).value(0);
    }

    private static long number(RowBlock values, int row) {
        return number(values.copy(row));
    }

    private static List<ColumnVector> decode(StructType schema, byte[] row) {
        RowBlock.Builder block = new RowBlock.Builder(1, row.length);
        block.add(row);
        return new RowDecoder(schema).decode(block.build());
    }
}
