package io.tidemark.ops.drill.crash;

import io.tidemark.api.connector.InputPartition;
import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.PartitionReader;
import io.tidemark.api.connector.ReadLimit;
import io.tidemark.api.connector.Source;
import io.tidemark.api.connector.SourceContext;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.StorageFullException;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.VectorBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads a {@link KafkaLog}. Offsets are Kafka's, {@code {"clicks":{"0":5,"1":3}}}; {@code sources/K/0} is as Spark's. */
final class KafkaLogSource implements Source {
    private static final Pattern PARTITION = Pattern.compile("\"(\\d+)\":(\\d+)");
    private static final String HEADER = "\0v1\n"; // a zero byte stops readers of Spark 2.1

    private final SourceContext context;
    private final KafkaLog log;
    private int fixedSteps;

    KafkaLogSource(SourceContext context, KafkaLog log) {
        this.context = context;
        this.log = log;
        this.fixedSteps = log.steps();
    }

    @Override
    public String description() {
        return "KafkaV2[Subscribe[" + KafkaLog.TOPIC + "]]";
    }

    @Override
    public Offset initialOffset() {
        log.called("initialOffset");
        String path = context.directory() + "/0";
        try {
            Optional<byte[]> stored = context.storage().read(path);
            if (stored.isPresent()) {
                return new Offset(new String(stored.get(), StandardCharsets.UTF_8).substring(HEADER.length()));
            }
            Offset first = offset(0);
            context.storage().createExclusive(path, (HEADER + first.json()).getBytes(StandardCharsets.UTF_8));
            return first;
        } catch (StorageFullException e) {
            throw new TidemarkException(ErrorCode.STORAGE_FULL, "Cannot store '" + path + "': no space is left.", e);
        } catch (IOException e) {
            throw new TidemarkException(ErrorCode.STORAGE_FAILED, "Cannot store '" + path + "': " + e, e);
        }
    }

    @Override
    public Optional<Offset> latestOffset(Offset start, ReadLimit limit) {
        log.called("latestOffset");
        return Optional.of(offset(Math.min(step(start) + 1, fixedSteps)));
    }

    @Override
    public void prepareForTriggerAvailableNow() {
        fixedSteps = log.steps();
    }

    @Override
    public Plan plan(Offset start, Offset end, @Nullable String seal) {
        log.called("plan");
        List<InputPartition> ranges = new ArrayList<>();
        long[] from = ends(start);
        long[] until = ends(end);
        for (int p = 0; p < KafkaLog.PARTITIONS; p++) {
            if (from[p] < until[p]) {
                ranges.add(new Range(p, from[p], until[p]));
            }
        }
        return new Plan(ranges, List.of());
    }

    @Override
    public PartitionReader reader(InputPartition partition, int attempt) {
        return new RangeReader((Range) partition);
    }

    @Override
    public Optional<String> seal(Offset end) {
        return Optional.of("{\"topicIds\":{\"" + KafkaLog.TOPIC + "\":\"AAAAAAAAAAAAAAAAAAAAAQ\"}}");
    }

    @Override
    public void resume(Offset end, @Nullable String seal) {
        log.called("resume");
        step(end); // must be one of this log
    }

    @Override
    public SortedMap<String, String> metrics(Offset end) {
        return Collections.emptySortedMap();
    }

    @Override
    public void close(Duration deadline) {}

    private Offset offset(int steps) {
        return new Offset(IntStream.range(0, KafkaLog.PARTITIONS)
                .mapToObj(p -> "\"" + p + "\":" + log.end(p, steps))
                .collect(Collectors.joining(",", "{\"" + KafkaLog.TOPIC + "\":{", "}}")));
    }

    /** Returns after how many steps an offset is. */
    private int step(Offset offset) {
        for (int step = log.steps(); step >= 0; step--) {
            if (offset(step).equals(offset)) {
                return step;
            }
        }
        throw new TidemarkException(
                ErrorCode.SOURCE_OFFSET_INVALID, "No step of the log ends at " + offset + ". The drill fed others.");
    }

    private static long[] ends(Offset offset) {
        long[] ends = new long[KafkaLog.PARTITIONS];
        Matcher partitions = PARTITION.matcher(offset.json());
        while (partitions.find()) {
            ends[Integer.parseInt(partitions.group(1))] = Long.parseLong(partitions.group(2));
        }
        return ends;
    }

    private record Range(int number, long from, long until) implements InputPartition {
        @Override
        public String describe() {
            return KafkaLog.TOPIC + "-" + number + " [" + from + ", " + until + ")";
        }
    }

    private final class RangeReader implements PartitionReader {
        private @Nullable Range rest;

        RangeReader(Range range) {
            this.rest = range;
        }

        @Override
        public @Nullable ColumnBatch next() {
            Range range = rest;
            if (range == null) {
                return null;
            }
            rest = null;
            log.called("read");
            List<KafkaLog.KafkaRecord> records = log.records(range.number(), range.from(), range.until());
            StructType schema = context.requiredSchema();
            List<ColumnVector> columns = new ArrayList<>();
            for (StructField field : schema.fields()) {
                VectorBuilder column = VectorBuilder.of(field.dataType(), records.size());
                for (int i = 0; i < records.size(); i++) {
                    column.append(value(field.name(), records.get(i), range.from() + i));
                }
                columns.add(column.build());
            }
            return new ColumnBatch(schema, columns, records.size());
        }

        @Override
        public void close() {}
    }

    private static @Nullable Object value(String column, KafkaLog.KafkaRecord row, long offset) {
        return switch (column) {
            case "key" -> null;
            case "value" -> row.value().getBytes(StandardCharsets.UTF_8);
            case "topic" -> KafkaLog.TOPIC;
            case "partition" -> row.partition();
            case "offset" -> offset;
            case "timestamp" -> Instant.ofEpochMilli(row.timestampMillis());
            case "timestampType" -> 0;
            default -> throw new IllegalArgumentException("Kafka has no column " + column);
        };
    }
}
