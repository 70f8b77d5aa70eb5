package io.tidemark.state.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.types.DataTypes;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.state.StateIterator;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoreSpec;
import io.tidemark.state.StateStoresContext;
import io.tidemark.state.StateVersion;
import io.tidemark.state.reader.SparkCheckpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** State that Spark wrote: its snapshots, its changelogs, and that both tell the same. */
class SparkSnapshotsTest {
    private static final StructType ANY = StructType.of(new StructField("any", DataTypes.LongType));

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"agg", "dedup", "join1", "limit"})
    void aVersionIsTheSameFromItsSnapshotAndFromItsChangelogs(String query) throws IOException {
        Path checkpoint = folder.resolve("checkpoint");
        SparkCheckpoints.copy("checkpoint-version-4.0.0/rocksdb/" + query, checkpoint);
        List<StateStoreId> stores = stores(checkpoint);
        TreeMap<String, SortedMap<String, String>> bySnapshots = contents(checkpoint, stores);
        try (Stream<Path> files = Files.walk(checkpoint)) {
            for (Path zip :
                    files.filter(file -> file.toString().endsWith(".zip")).toList()) {
                Files.delete(zip);
            }
        }
        assertThat(contents(checkpoint, stores)).isEqualTo(bySnapshots);
        assertThat(bySnapshots.values()).anyMatch(content -> !content.isEmpty());
    }

    private static List<StateStoreId> stores(Path checkpoint) throws IOException {
        try (Stream<Path> files = Files.walk(checkpoint.resolve("state"))) {
            return files.filter(file -> file.endsWith("4.zip"))
                    .map(file -> checkpoint.resolve("state").relativize(file.getParent()))
                    .map(path -> new StateStoreId(
                            Long.parseLong(path.getName(0).toString()),
                            Integer.parseInt(path.getName(1).toString()),
                            path.getNameCount() > 2 ? path.getName(2).toString() : StateStoreId.DEFAULT))
                    .sorted()
                    .toList();
        }
    }

    private TreeMap<String, SortedMap<String, String>> contents(Path checkpoint, List<StateStoreId> stores)
            throws IOException {
        TreeMap<String, SortedMap<String, String>> contents = new TreeMap<>();
        for (StateStoreId id : stores) {
            for (long version = 1; version <= 4; version++) {
                try (RocksDbStateStores process = process(checkpoint)) {
                    contents.put(id + " " + version, content(process, id, new StateVersion(version)));
                }
            }
        }
        return contents;
    }

    private RocksDbStateStores process(Path checkpoint) {
        return new RocksDbStateStores(new StateStoresContext(
                LocalStorage.create(), checkpoint.toString(), folder.resolve("local"), new TreeMap<>()));
    }

    private static SortedMap<String, String> content(
            RocksDbStateStores process, StateStoreId id, StateVersion version) {
        SortedMap<String, String> content = new TreeMap<>();
        try (StateStore store = process.open(new StateStoreSpec(ANY, ANY), id, version, "0/test");
                StateIterator entries = store.iterator()) {
            while (entries.next()) {
                content.put(
                        HexFormat.of().formatHex(entries.key()), HexFormat.of().formatHex(entries.value()));
            }
            assertThat(store.size()).as("%s version %d", id, version.number()).isEqualTo(content.size());
        }
        return content;
    }

    @Test
    void aDamagedTableOfSparksIsNamedOrDoneWithout() throws IOException {
        Path checkpoint = folder.resolve("checkpoint");
        SparkCheckpoints.copy("checkpoint-version-4.0.0/rocksdb/agg", checkpoint);
        List<StateStoreId> stores = stores(checkpoint);
        TreeMap<String, SortedMap<String, String>> right = contents(checkpoint, stores);
        try (Stream<Path> files = Files.walk(checkpoint)) {
            for (Path table :
                    files.filter(file -> file.toString().endsWith(".sst")).toList()) {
                byte[] content = Files.readAllBytes(table);
                content[content.length / 4] ^= 1;
                Files.write(table, content);
            }
        }
        assertThat(contents(checkpoint, stores)).isEqualTo(right);
    }
}
