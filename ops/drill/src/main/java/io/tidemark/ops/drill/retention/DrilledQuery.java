package io.tidemark.ops.drill.retention;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.api.TidemarkSession;
import io.tidemark.api.connector.LostRange;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageProvider;
import io.tidemark.api.streaming.StreamingQuery;
import io.tidemark.api.streaming.StreamingQueryProgress;
import io.tidemark.api.streaming.Trigger;
import io.tidemark.checkpoint.CheckpointInspector;
import io.tidemark.checkpoint.storage.ObservedStorage;
import io.tidemark.checkpoint.storage.StorageProviders;
import io.tidemark.ops.drill.DeltaTableOracle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The query of one cell: from Kafka into a Delta table, started anew for each run as a new process would. */
final class DrilledQuery {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long DEADLINE_MILLIS = 120_000;
    private static final AtomicLong RUNS = new AtomicLong();

    private final Path directory;
    private final SortedMap<String, String> options;
    private final int threads;

    DrilledQuery(Path directory, Map<String, String> options, int threads) {
        this.directory = directory;
        this.options = new TreeMap<>(options);
        this.threads = threads;
    }

    /** Changes an option of the source from the next run on. */
    void option(String name, String value) {
        options.put(name, value);
    }

    /** Returns the same query with other options of its source. */
    DrilledQuery with(Map<String, String> others) {
        DrilledQuery other = new DrilledQuery(directory, options, threads);
        other.options.putAll(others);
        return other;
    }

    /**
     * How a run ended.
     *
     * @param error null if it read everything there was and ended by itself
     * @param progress the sources' metrics of every pass, in order
     */
    record Run(@Nullable Throwable error, List<SortedMap<String, String>> progress, BatchHooks hooks) {
        /** Returns the code it failed with, or null. */
        @Nullable
        ErrorCode code() {
            return error instanceof TidemarkException typed ? typed.code() : null;
        }

        String words() {
            if (hooks.crashed()) {
                return "crashed";
            }
            ErrorCode code = code();
            return error == null ? "done" : code == null ? String.valueOf(error) : code.name();
        }
    }

    static long runs() {
        return RUNS.get();
    }

    /** Runs everything there is, and ends. */
    Run run(BatchHooks hooks) throws InterruptedException {
        String id = directory.getFileName() + "-" + RUNS.incrementAndGet();
        Map<String, String> all = new TreeMap<>(options);
        HookedSourceProvider.register(id, hooks, all);
        List<SortedMap<String, String>> metrics = new ArrayList<>();
        try (TidemarkSession session = TidemarkSession.builder()
                .storages(new Observed(hooks))
                .config("tidemark.task.threads", threads)
                .getOrCreate()) {
            StreamingQuery query = session.readStream()
                    .format(HookedSourceProvider.FORMAT)
                    .options(all)
                    .load()
                    .selectExpr("CAST(value AS STRING) AS value", "topic", "partition", "offset")
                    .writeStream()
                    .format("delta")
                    .option("checkpointLocation", checkpoint().toString())
                    .trigger(Trigger.AvailableNow())
                    .start(table().toString());
            try {
                if (!query.awaitTermination(DEADLINE_MILLIS)) {
                    query.stop();
                    return new Run(new IllegalStateException("does not end within two minutes"), List.of(), hooks);
                }
            } finally {
                for (StreamingQueryProgress progress : query.recentProgress()) {
                    metrics.add(progress.sources().get(0).metrics());
                }
            }
            return new Run(null, metrics, hooks);
        } catch (RuntimeException e) {
            return new Run(e, metrics, hooks);
        } finally {
            HookedSourceProvider.forget(id);
        }
    }

    Path checkpoint() {
        return directory.resolve("checkpoint");
    }

    Path table() {
        return directory.resolve("table");
    }

    boolean isPlanned(long batch) {
        return Files.exists(checkpoint().resolve("offsets").resolve(Long.toString(batch)));
    }

    boolean isCommitted(long batch) {
        return Files.exists(checkpoint().resolve("commits").resolve(Long.toString(batch)));
    }

    /** Returns the newest planned offset line. */
    JsonNode newestOffsets() throws IOException {
        long batch = 0;
        while (isPlanned(batch + 1)) {
            batch++;
        }
        List<String> lines = Files.readAllLines(checkpoint().resolve("offsets").resolve(Long.toString(batch)));
        return JSON.readTree(lines.get(2));
    }

    /** Returns the values in the table, read without any of the engine's code. */
    List<String> rows() throws IOException {
        if (!Files.exists(table().resolve("_delta_log"))) {
            return List.of();
        }
        return DeltaTableOracle.read(table()).rows("value").stream()
                .map(row -> row.get(0))
                .toList();
    }

    /** Returns what {@code checkpoint show --json} says was lost. */
    List<LostRange> losses() throws IOException {
        if (!Files.exists(checkpoint().resolve("metadata"))) {
            return List.of();
        }
        JsonNode report = JSON.readTree(CheckpointInspector.inspect(
                        new StorageProviders().open(checkpoint().toString(), new TreeMap<>()),
                        checkpoint().toString())
                .toJson());
        if (!report.path("sound").asBoolean()) {
            throw new IllegalStateException("the checkpoint is not sound: " + report.path("problems"));
        }
        List<LostRange> losses = new ArrayList<>();
        for (JsonNode loss : report.path("loss")) {
            losses.add(new LostRange(
                    loss.path("topic").asText(),
                    loss.path("partition").asInt(),
                    loss.path("from").asLong(),
                    loss.path("until").asLong(),
                    loss.path("rows").asLong(),
                    loss.path("cause").asText()));
        }
        return losses;
    }

    private record Observed(BatchHooks hooks) implements StorageProvider {
        private static final StorageProviders REAL = new StorageProviders();

        @Override
        public boolean serves(String scheme) {
            return REAL.serves(scheme);
        }

        @Override
        public Storage open(String location, SortedMap<String, String> settings) {
            return new ObservedStorage(REAL.open(location, settings), hooks);
        }

        @Override
        public Storage openCheckpoint(String location, SortedMap<String, String> settings) {
            return new ObservedStorage(REAL.openCheckpoint(location, settings), hooks);
        }
    }
}
