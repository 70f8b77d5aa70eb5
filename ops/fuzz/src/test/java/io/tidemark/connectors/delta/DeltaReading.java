package io.tidemark.connectors.delta;

import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.Options;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.connector.SinkContext;
import io.tidemark.api.connector.SinkLedger;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageProvider;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.types.StructType;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** Lets tests elsewhere read what a Delta sink reads of a table. */
public final class DeltaReading {
    private DeltaReading() {}

    /** Reads a table as a sink that starts on it, the doctor, and the removal of leftovers do. */
    public static String table(Storage storage, String path, StructType schema, UUID queryId) throws Exception {
        SortedMap<String, String> options = new TreeMap<>(Map.of("path", path));
        SinkContext context = new SinkContext(
                new Options(options),
                schema,
                List.of(),
                OutputMode.APPEND,
                queryId,
                "query",
                only(storage),
                TimeSource.system(),
                new TreeMap<>());
        StringBuilder meaning = new StringBuilder();
        try (Sink sink = new DeltaSinkProvider().open(context);
                SinkLedger ledger = new DeltaSinkProvider()
                        .openLedger(path, queryId, only(storage), TimeSource.system(), new TreeMap<>())) {
            meaning.append(sink.ledger()).append(sink.tableId());
            meaning.append(ledger.newest()).append(ledger.entry(1)).append(ledger.setBack());
        }
        DeltaTable table = new DeltaTable(storage, path);
        TreeSet<String> files = new TreeSet<>();
        table.refresh(queryId.toString())
                .ifPresent(snapshot -> table.forEachFile(
                        snapshot, file -> files.add(PartitionValues.fromUri(file.getPath()) + file.getSize())));
        return meaning.append(files).toString();
    }

    private static StorageProvider only(Storage storage) {
        return new StorageProvider() {
            @Override
            public boolean serves(String scheme) {
                return true;
            }

            @Override
            public Storage open(String location, SortedMap<String, String> conf) {
                return storage;
            }
        };
    }

    /** Reads what a sink staged for a batch. */
    public static String token(String text) {
        return StagedBatch.fromToken(text).toString();
    }

    /** Returns what a sink stages for a batch of one file. */
    public static String sampleToken() {
        Map<String, String> values = new TreeMap<>(Map.of("page", "a"));
        StagedFile file = new StagedFile(
                "page=a/8a04ab30-2-x.parquet", 1234, 1795146730035L, 7, 99, values, "{\"numRecords\":7}");
        return new StagedBatch("8a04ab30", 2, Map.of("id", "bigint"), List.of("page"), List.of(file)).toToken();
    }
}
