package io.tidemark.state.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.ReadOnlyStorage;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.checkpoint.format.CommitFile;
import io.tidemark.checkpoint.format.OffsetFile;
import io.tidemark.checkpoint.storage.LocalStorage;
import io.tidemark.state.StateStoresContext;
import io.tidemark.state.format.OperatorMetadataFile;
import io.tidemark.state.format.OperatorMetadataFile.StoreInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spark's published checkpoints open, and hold what Spark's own tests say of them. */
class StateReaderTest {
    private static final Storage STORAGE = LocalStorage.create();

    @TempDir
    Path root;

    @TempDir
    Path local;

    @ParameterizedTest
    @ValueSource(strings = {"checkpoint-version-4.0.0/hdfs/agg", "checkpoint-version-4.0.0/rocksdb/agg"})
    void countsOfSparkAreReadAsAnyBatchLeftThem(String checkpoint) throws IOException {
        SparkCheckpoints.copy(checkpoint, root);
        assertThat(read(0, 0, "default")).containsExactly("1: 3 -> 1", "3: 1 -> 1", "4: 2 -> 1");
        assertThat(read(1, 0, "default")).containsExactly("1: 3 -> 2", "2: 4 -> 1", "3: 1 -> 1", "4: 2 -> 2");
        assertThat(read(2, 0, "default"))
                .containsExactly("1: 3 -> 3", "1: 5 -> 1", "2: 4 -> 2", "3: 1 -> 1", "4: 2 -> 2");
        assertThat(read(3, 0, "default"))
                .containsExactly("1: 3 -> 3", "1: 5 -> 2", "2: 4 -> 3", "3: 1 -> 1", "4: 2 -> 2", "4: 6 -> 1");
    }

    @ParameterizedTest
    @CsvSource({
        "checkpoint-version-4.0.0/hdfs/dedup, 3",
        "checkpoint-version-4.0.0/rocksdb/dedup, 3",
        "checkpoint-version-4.0.0-checkpoint-v2/rocksdb/dedup, 3"
    })
    void keysOfADeduplicationAreRead(String checkpoint, long newest) throws IOException {
        SparkCheckpoints.copy(checkpoint, root);
        int before = 0;
        for (long batch : new long[] {0, newest}) {
            List<String> rows = read(batch, 0, "default");
            assertThat(rows).as("batch %d", batch).doesNotHaveDuplicates().allMatch(row -> row.endsWith(" -> null"));
            assertThat(rows.size()).isGreaterThanOrEqualTo(before);
            before = rows.size();
        }
        assertThat(before).isPositive();
    }

    @Test
    void bothProvidersOfSparkHoldTheSame() throws IOException {
        for (String query : List.of("limit", "join2")) {
            List<List<String>> found = new ArrayList<>();
            for (String provider : List.of("hdfs", "rocksdb")) {
                Path checkpoint = root.resolve(provider + query);
                SparkCheckpoints.copy("checkpoint-version-4.0.0/" + provider + "/" + query, checkpoint);
                List<String> all = new ArrayList<>();
                try (StateReader reader = reader(checkpoint, 3)) {
                    for (OperatorMetadataFile operator : reader.operators(3)) {
                        for (StoreInfo store : operator.stores()) {
                            all.add(operator.operatorId() + " " + operator.operatorName() + " " + store.name());
                            all.addAll(read(reader, checkpoint, 3, operator, store));
                        }
                    }
                }
                found.add(all);
            }
            assertThat(found.get(0)).as(query).isEqualTo(found.get(1)).hasSizeGreaterThan(1);
        }
    }

    @Test
    void aCheckpointOfSparkBeforeThereWasMetadataIsRead() throws IOException {
        SparkCheckpoints.copy("checkpoint-version-3.2.0-streaming-aggregate-with-repartition", root);
        try (StateReader reader = reader(root, newest())) {
            OperatorMetadataFile operator = reader.operators(newest()).get(0);
            assertThat(operator.operatorName()).isEmpty();
            assertThat(operator.stores()).hasSize(1);
        }
        assertThat(read(newest(), 0, "default")).isNotEmpty();
    }

    @Test
    void nothingIsWrittenToTheCheckpoint() throws IOException {
        SparkCheckpoints.copy("checkpoint-version-4.0.0-checkpoint-v2/rocksdb/dedup", root);
        List<String> before = files();
        read(3, 0, "default");
        assertThat(files()).isEqualTo(before);
        assertThatThrownBy(() -> new ReadOnlyStorage(STORAGE).delete(root + "/metadata"))
                .hasMessageContaining("writes nothing");
    }

    @Test
    void aVersionThatIsGoneAndColumnFamiliesAreNamed() throws IOException {
        SparkCheckpoints.copy("checkpoint-version-4.0.0/hdfs/agg", root);
        assertThatThrownBy(() -> read(9, 0, "default"))
                .hasMessageContaining("'state/0/0/5.delta'")
                .extracting(e -> ((TidemarkException) e).code())
                .isEqualTo(ErrorCode.STATE_FILE_MISSING);
        Files.delete(root.resolve("state/0/0/_metadata/schema"));
        assertThatThrownBy(() -> read(3, 0, "default")).hasMessageContaining("'state/0/0/_metadata/schema'");

        Path tws = root.resolve("tws");
        SparkCheckpoints.copy("checkpoint-version-4.0.0-tws-unsaferow", tws);
        try (StateReader reader = reader(tws, 0)) {
            OperatorMetadataFile operator = reader.operators(0).get(0);
            assertThat(operator.operatorName()).startsWith("transformWithState");
            assertThatThrownBy(() -> reader.spec(operator, operator.stores().get(0)))
                    .hasMessageContaining("keeps column families");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "spark.sql.streaming.stateStore.rowChecksum.enabled, true",
        "spark.sql.streaming.stateStore.encodingFormat, avro",
        "spark.sql.streaming.stateStore.providerClass, com.example.Mine"
    })
    void rowsOfAnotherFormAreRefusedByTheSettingThatSaysSo(String key, String value) {
        TreeMap<String, String> conf = new TreeMap<>();
        conf.put(key, value);
        assertThatThrownBy(() -> new StateReader(new StateStoresContext(STORAGE, root.toString(), local, conf)))
                .hasMessageContaining(key + "=" + value)
                .extracting(e -> ((TidemarkException) e).code())
                .isEqualTo(ErrorCode.STATE_FORMAT_UNSUPPORTED);
    }

    private List<String> files() throws IOException {
        try (var files = Files.walk(root)) {
            return files.map(path -> root.relativize(path).toString()).sorted().toList();
        }
    }

    private long newest() throws IOException {
        try (var files = Files.list(root.resolve("commits"))) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("[0-9]+"))
                    .mapToLong(Long::parseLong)
                    .max()
                    .orElseThrow();
        }
    }

    private List<String> read(long batch, long operatorId, String store) throws IOException {
        try (StateReader reader = reader(root, batch)) {
            OperatorMetadataFile operator = reader.operators(batch).stream()
                    .filter(found -> found.operatorId() == operatorId)
                    .findFirst()
                    .orElseThrow();
            StoreInfo info = operator.stores().stream()
                    .filter(found -> found.name().equals(store))
                    .findFirst()
                    .orElseThrow();
            return read(reader, root, batch, operator, info);
        }
    }

    private static List<String> read(
            StateReader reader, Path checkpoint, long batch, OperatorMetadataFile operator, StoreInfo store)
            throws IOException {
        SortedMap<Long, List<List<String>>> ids = null;
        Path commit = checkpoint.resolve("commits/" + batch);
        if (Files.exists(commit)) {
            ids = CommitFile.decode("commits/" + batch, batch, Files.readAllBytes(commit))
                    .stateUniqueIds();
        }
        List<String> rows = new ArrayList<>();
        reader.read(operator, store, new StateBatch(batch, ids), (partition, count, keys, values) -> {
            for (int row = 0; row < count; row++) {
                rows.add(partition + ": " + text(keys, row) + " -> " + text(values, row));
            }
        });
        return rows;
    }

    private static String text(List<ColumnVector> columns, int row) {
        return columns.stream().map(column -> String.valueOf(column.value(row))).collect(Collectors.joining(","));
    }

    private StateReader reader(Path checkpoint, long batch) throws IOException {
        Path offsets = checkpoint.resolve("offsets/" + batch);
        SortedMap<String, String> conf = Files.exists(offsets)
                ? OffsetFile.decode("offsets/" + batch, batch, Files.readAllBytes(offsets))
                        .metadata()
                        .conf()
                : conf(checkpoint);
        return new StateReader(
                new StateStoresContext(STORAGE, checkpoint.toString(), local.resolve("cache"), new TreeMap<>(conf)));
    }

    private static SortedMap<String, String> conf(Path checkpoint) throws IOException {
        return OffsetFile.decode("offsets/0", 0, Files.readAllBytes(checkpoint.resolve("offsets/0")))
                .metadata()
                .conf();
    }
}
