package io.tidemark.connectors.builtin;

import io.tidemark.api.Row;
import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.InputPartition;
import io.tidemark.api.connector.Options;
import io.tidemark.api.connector.PartitionReader;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.connector.Sink.BatchAttempt;
import io.tidemark.api.connector.Sink.CommitRequest;
import io.tidemark.api.connector.Sink.TaskWriter;
import io.tidemark.api.connector.SinkContext;
import io.tidemark.api.connector.Source;
import io.tidemark.api.connector.SourceContext;
import io.tidemark.api.connector.SourceProvider;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageProvider;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.VectorBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Opens sources and sinks as the loop does, and drives them. */
final class Fixture {
    static final UUID QUERY = UUID.fromString("0da797f0-6c12-4954-89cf-cea200a87f97");

    private Fixture() {}

    static Source source(SourceProvider provider, Map<String, String> options, TimeSource time, Path directory) {
        Options parsed = new Options(options);
        StructType schema = provider.schema(parsed, null);
        return open(provider, parsed, schema, schema, time, directory);
    }

    static Source open(
            SourceProvider provider,
            Options options,
            StructType schema,
            StructType required,
            TimeSource time,
            Path directory) {
        return provider.open(new SourceContext(
                options, schema, required, QUERY, new FolderStorage(), directory.toString(), time, new TreeMap<>(), 2));
    }

    static SinkContext sinkContext(Map<String, String> options, StructType schema, OutputMode mode, UUID query) {
        return new SinkContext(
                new Options(options), schema, List.of(), mode, query, "q", new NoStorages(), new ManualTime(0), conf());
    }

    static List<Row> rows(Source source, List<InputPartition> partitions) {
        List<Row> rows = new ArrayList<>();
        for (InputPartition partition : partitions) {
            try (PartitionReader reader = source.reader(partition, 0)) {
                for (ColumnBatch batch = reader.next(); batch != null; batch = reader.next()) {
                    rows.addAll(batch.rows());
                }
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return rows;
    }

    /** Writes a batch, a list of rows for each task, and commits it. */
    @SafeVarargs
    static CommitRequest commit(Sink sink, long batchId, StructType schema, List<Row>... tasks) throws IOException {
        CommitRequest request = stage(sink, batchId, schema, tasks);
        sink.commit(request);
        return request;
    }

    @SafeVarargs
    static CommitRequest stage(Sink sink, long batchId, StructType schema, List<Row>... tasks) throws IOException {
        BatchAttempt attempt = new BatchAttempt(batchId, 1, "attempt-" + batchId);
        List<String> results = new ArrayList<>();
        for (int task = 0; task < tasks.length; task++) {
            try (TaskWriter failed = sink.openTask(attempt, task, 0)) {
                failed.write(batch(schema, tasks[task]));
            }
            try (TaskWriter writer = sink.openTask(attempt, task, 1)) {
                writer.write(batch(schema, tasks[task]));
                results.add(writer.finish());
            }
        }
        String token = sink.stage(attempt, results);
        return new CommitRequest(batchId, token, 1, attempt.attemptUuid(), "hash-" + batchId, "{}");
    }

    static ColumnBatch batch(StructType schema, List<Row> rows) {
        List<VectorBuilder> builders = schema.fields().stream()
                .map(f -> VectorBuilder.of(f.dataType(), rows.size()))
                .toList();
        for (Row row : rows) {
            for (int i = 0; i < builders.size(); i++) {
                builders.get(i).append(row.get(i));
            }
        }
        return new ColumnBatch(
                schema, builders.stream().map(VectorBuilder::build).toList(), rows.size());
    }

    private static SortedMap<String, String> conf() {
        return new TreeMap<>();
    }

    /** A clock that stands until it is moved. */
    static final class ManualTime implements TimeSource {
        private long millis;

        ManualTime(long millis) {
            this.millis = millis;
        }

        void advance(long more) {
            millis += more;
        }

        @Override
        public long currentTimeMillis() {
            return millis;
        }

        @Override
        public long nanoTime() {
            return millis * 1_000_000;
        }

        @Override
        public void sleep(Duration duration) {
            millis += duration.toMillis();
        }
    }

    private static final class NoStorages implements StorageProvider {
        @Override
        public boolean serves(String scheme) {
            return false;
        }

        @Override
        public Storage open(String location, @Nullable SortedMap<String, String> conf) {
            throw new UnsupportedOperationException();
        }
    }
}
