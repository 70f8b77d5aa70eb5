package io.tidemark.connectors.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.Row;
import io.tidemark.api.TimeSource;
import io.tidemark.api.connector.InputPartition;
import io.tidemark.api.connector.LostRange;
import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.Options;
import io.tidemark.api.connector.PartitionReader;
import io.tidemark.api.connector.ReadLimit;
import io.tidemark.api.connector.Source;
import io.tidemark.api.connector.SourceContext;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.checkpoint.storage.LocalStorage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One run of a query's source, driven step by step as the loop does. */
final class SourceUnderTest implements AutoCloseable {
    final Source source;
    final StructType schema;
    final List<LostRange> losses = new ArrayList<>();
    private Offset at = new Offset("{}");
    private @Nullable String seal;

    private SourceUnderTest(Source source, StructType schema) {
        this.source = source;
        this.schema = schema;
    }

    static SourceUnderTest open(Path checkpoint, Map<String, String> optionMap) {
        return open(checkpoint, optionMap, TimeSource.system(), null);
    }

    static SourceUnderTest open(
            Path checkpoint, Map<String, String> optionMap, TimeSource time, @Nullable StructType required) {
        KafkaSourceProvider provider = new KafkaSourceProvider();
        Options options = new Options(optionMap);
        StructType schema = provider.schema(options, null);
        Source source = provider.open(new SourceContext(
                options,
                schema,
                required == null ? schema : required,
                UUID.fromString("0da797f0-6c12-4954-89cf-cea200a87f97"),
                LocalStorage.create(),
                checkpoint.resolve("sources/0").toString(),
                time,
                new TreeMap<>(),
                2));
        return new SourceUnderTest(source, schema);
    }

    /** Starts at the initial offset. */
    SourceUnderTest fresh() {
        at = source.initialOffset();
        return this;
    }

    SourceUnderTest resumeAt(Offset end, @Nullable String sealed) {
        source.resume(end, sealed);
        at = end;
        seal = sealed;
        return this;
    }

    /** Goes on where another run of the query stopped. */
    SourceUnderTest resumeAfter(SourceUnderTest earlier) {
        return resumeAt(earlier.at, earlier.seal().orElseThrow());
    }

    Offset at() {
        return at;
    }

    Optional<String> seal() {
        return Optional.ofNullable(seal);
    }

    /** Runs one batch, or returns null if there is nothing new. */
    @Nullable
    List<Row> batch() throws Exception {
        return batch(ReadLimit.SOURCE_DEFAULT);
    }

    @Nullable
    List<Row> batch(ReadLimit limit) throws Exception {
        Offset end = source.latestOffset(at, limit).orElse(at);
        if (end.equals(at)) {
            return null;
        }
        String sealed = source.seal(end).orElse(null);
        List<Row> rows = run(at, end, sealed);
        source.prefetch(end);
        at = end;
        seal = sealed;
        source.commit(end);
        return rows;
    }

    List<Row> run(Offset start, Offset end, @Nullable String sealed) throws Exception {
        Source.Plan plan = source.plan(start, end, sealed);
        losses.addAll(plan.losses());
        List<Row> rows = new ArrayList<>();
        for (InputPartition partition : plan.partitions()) {
            rows.addAll(read(partition, 0));
        }
        return rows;
    }

    List<Row> read(InputPartition partition, int attempt) throws Exception {
        List<Row> rows = new ArrayList<>();
        try (PartitionReader reader = source.reader(partition, attempt)) {
            for (ColumnBatch batch = reader.next(); batch != null; batch = reader.next()) {
                assertThat(batch.rowCount()).isPositive();
                rows.addAll(batch.rows());
            }
            losses.addAll(reader.losses());
        }
        return rows;
    }

    /** Returns the values as text, in order of topic, partition and offset. */
    static List<String> values(@Nullable List<Row> rows) {
        if (rows == null) {
            return Collections.emptyList();
        }
        return rows.stream()
                .map(r -> new String((byte[]) r.get(r.schema().indexOf("value").orElseThrow()), StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public void close() {
        source.close(Duration.ofSeconds(5));
    }
}
