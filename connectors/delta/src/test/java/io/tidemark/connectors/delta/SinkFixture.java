package io.tidemark.connectors.delta;

import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.Options;
import io.tidemark.api.connector.Sink;
import io.tidemark.api.connector.SinkContext;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageProvider;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.checkpoint.storage.LocalStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Opens sinks on one path and feeds them rows. */
final class SinkFixture {
    static final StructType CLICKS =
            StructType.EMPTY.add("id", AtomicType.BIGINT).add("page", AtomicType.STRING);

    final Path path;
    UUID queryId = UUID.fromString("8a04ab30-0000-4000-8000-000000000001");
    StructType schema = CLICKS;
    List<String> partitionBy = List.of();
    OutputMode mode = OutputMode.APPEND;
    Storage storage = LocalStorage.create();
    TimeSource time = TimeSource.system();
    final Map<String, String> options = new TreeMap<>();

    SinkFixture(Path path) {
        this.path = path;
        options.put("path", path.toString());
    }

    Sink open() {
        StorageProvider storages = new StorageProvider() {
            @Override
            public boolean serves(String scheme) {
                return true;
            }

            @Override
            public Storage open(String location, SortedMap<String, String> conf) {
                return storage;
            }
        };
        return new DeltaSinkProvider()
                .open(new SinkContext(
                        new Options(options),
                        schema,
                        partitionBy,
                        mode,
                        queryId,
                        "clicks",
                        storages,
                        time,
                        new TreeMap<>()));
    }

    ColumnBatch batch(Object[]... rows) {
        return batch(schema, Arrays.asList(rows));
    }

    static ColumnBatch batch(StructType schema, List<@Nullable Object[]> rows) {
        List<VectorBuilder> builders = schema.fields().stream()
                .map(f -> VectorBuilder.of(f.dataType(), rows.size()))
                .toList();
        for (@Nullable Object[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                builders.get(i).append(row[i]);
            }
        }
        List<ColumnVector> columns = builders.stream().map(VectorBuilder::build).toList();
        return new ColumnBatch(schema, columns, Selection.all(rows.size()));
    }

    /** Stages the batches, one a task. */
    static String stage(Sink sink, long batchId, long epoch, ColumnBatch... tasks) {
        Sink.BatchAttempt attempt = attempt(batchId, epoch);
        List<String> results = new ArrayList<>();
        for (int task = 0; task < tasks.length; task++) {
            try (Sink.TaskWriter writer = sink.openTask(attempt, task, 0)) {
                writer.write(tasks[task]);
                results.add(writer.finish());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        return sink.stage(attempt, results);
    }

    static Sink.BatchAttempt attempt(long batchId, long epoch) {
        return new Sink.BatchAttempt(
                batchId, epoch, epoch + "-of-" + Thread.currentThread().getName());
    }

    static Sink.CommitRequest request(long batchId, long epoch, String token) {
        return new Sink.CommitRequest(
                batchId,
                token,
                epoch,
                attempt(batchId, epoch).attemptUuid(),
                "hash-" + batchId,
                "{\"clicks\":{\"0\":[0," + batchId + "]}}");
    }

    static void run(Sink sink, long batchId, long epoch, ColumnBatch... tasks) {
        sink.commit(request(batchId, epoch, stage(sink, batchId, epoch, tasks)));
    }
}
