package io.tidemark.ops.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.tidemark.api.TidemarkSession;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import io.tidemark.connectors.builtin.MemoryStream;
import io.tidemark.connectors.delta.DeltaReading;
import io.tidemark.ops.fuzz.Format.Guard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The log of a table, and what a batch leaves for its commit. Delta's files have no checksums that readers must check. */
final class DeltaFormats {
    private static final String TABLE = "/table";
    private static final String LOG = TABLE + "/_delta_log/";
    private static final int BATCHES = 4;
    private static final StructType SCHEMA =
            StructType.EMPTY.add("id", AtomicType.BIGINT).add("page", AtomicType.STRING);
    private static final UUID QUERY = UUID.fromString("8a04ab30-0000-4000-8000-000000000001"); // that of the corpus

    private DeltaFormats() {}

    static List<Format> all(Path folder) throws Exception {
        fill(folder);
        FilesInMemory table = FilesInMemory.of(folder.resolve("table"), TABLE);
        String newest = LOG + "00000000000000000003.json";
        String first = LOG + "00000000000000000000.json";
        String checkpoint = LOG + "00000000000000000002.checkpoint.parquet";
        return List.of(
                format("delta-commit", newest, table),
                format(
                        "delta-first-commit",
                        first,
                        table.without(LOG + "_last_checkpoint").without(checkpoint)),
                format("delta-last-checkpoint", LOG + "_last_checkpoint", table),
                format("delta-checkpoint", checkpoint, table),
                new Format(
                        "delta-token",
                        Guard.NONE,
                        bytes -> DeltaReading.token(new String(bytes, UTF_8)),
                        DeltaReading.sampleToken().getBytes(UTF_8)));
    }

    private static Format format(String name, String path, FilesInMemory table) {
        return new Format(
                name,
                Guard.NONE,
                bytes -> DeltaReading.table(table.with(path, bytes), TABLE, SCHEMA, QUERY),
                table.content(path));
    }

    private static void fill(Path folder) throws Exception {
        Path metadata = Files.createDirectories(folder.resolve("checkpoint")).resolve("metadata");
        Files.writeString(metadata, "{\"id\":\"" + QUERY + "\"}");
        try (TidemarkSession session = TidemarkSession.builder().getOrCreate();
                MemoryStream rows = MemoryStream.create(SCHEMA)) {
            var query = rows.toDataset(session)
                    .writeStream()
                    .format("delta")
                    .option("path", folder.resolve("table").toString())
                    .option("checkpointLocation", folder.resolve("checkpoint").toString())
                    .option("delta.checkpointInterval", "2")
                    .start();
            for (long batch = 0; batch < BATCHES; batch++) {
                rows.add(List.of(rows.row(batch, "page-" + batch)));
                query.processAllAvailable();
            }
            Path hint = folder.resolve("table/_delta_log/_last_checkpoint"); // written in the background
            await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(hint));
            query.stop();
        }
    }
}
