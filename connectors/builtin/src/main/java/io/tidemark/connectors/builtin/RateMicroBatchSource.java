package io.tidemark.connectors.builtin;

import io.tidemark.api.connector.InputPartition;
import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.PartitionReader;
import io.tidemark.api.connector.ReadLimit;
import io.tidemark.api.connector.Source;
import io.tidemark.api.types.StructType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rows by the batch, whatever the clock says: batch N always holds the same ones. All rows of a batch carry the time at
 * which it starts. Its offset is {@code {"offset":10,"timestamp":1010000}}.
 */
final class RateMicroBatchSource implements Source {
    private static final String FORMAT = "rate-micro-batch";
    private static final Pattern JSON =
            Pattern.compile("\\{\\s*\"offset\"\\s*:\\s*([0-9]{1,19})\\s*,\\s*\"timestamp\"\\s*:\\s*([0-9]{1,19})\\s*}");

    private final Steps steps;
    private final StructType columns;
    private @Nullable Position fixedEnd;
    private boolean endIsFixed;

    RateMicroBatchSource(Steps steps, StructType columns) {
        this.steps = steps;
        this.columns = columns;
    }

    @Override
    public String description() {
        return "RatePerMicroBatchStream[rowsPerBatch=" + steps.rowsPerBatch + ", numPartitions=" + steps.partitions
                + ", startTimestamp=" + steps.startMillis + ", advanceMsPerBatch=" + steps.advanceMillis + "]";
    }

    @Override
    public Offset initialOffset() {
        return new Position(0, steps.startMillis).toOffset();
    }

    @Override
    public Optional<Offset> latestOffset(Offset start, ReadLimit limit) {
        if (!endIsFixed) {
            return Optional.of(steps.after(Position.parse(start)).toOffset());
        }
        if (fixedEnd == null) {
            fixedEnd = steps.after(Position.parse(start));
        }
        return Optional.of(fixedEnd.toOffset());
    }

    /** There is always more, so what is available now is one batch, as in Spark. */
    @Override
    public void prepareForTriggerAvailableNow() {
        endIsFixed = true;
    }

    @Override
    public Plan plan(Offset start, Offset end, @Nullable String seal) {
        Position from = Position.parse(start);
        long until = Position.parse(end).offset;
        List<InputPartition> split = new ArrayList<>();
        for (int p = 0; p < steps.partitions && from.offset + p < until; p++) {
            split.add(new CountingPartition(
                    FORMAT, from.offset + p, steps.partitions, until, from.offset, from.timestamp, 0));
        }
        return new Plan(split, List.of());
    }

    @Override
    public PartitionReader reader(InputPartition partition, int attempt) {
        return new CountingReader(columns, (CountingPartition) partition);
    }

    @Override
    public SortedMap<String, String> metrics(Offset end) {
        return Collections.unmodifiableSortedMap(new TreeMap<>());
    }

    @Override
    public void close(Duration deadline) {}

    /** How one batch leads to the next; times in milliseconds. */
    record Steps(long rowsPerBatch, long startMillis, long advanceMillis, int partitions) {
        Position after(Position position) {
            return new Position(
                    Math.addExact(position.offset, rowsPerBatch), Math.addExact(position.timestamp, advanceMillis));
        }
    }

    private record Position(long offset, long timestamp) {
        static Position parse(Offset offset) {
            Matcher json = JSON.matcher(offset.json().trim());
            try {
                if (json.matches()) {
                    return new Position(Long.parseLong(json.group(1)), Long.parseLong(json.group(2)));
                }
            } catch (NumberFormatException e) {
                throw invalid(offset, e);
            }
            throw invalid(offset, null);
        }

        Offset toOffset() {
            return new Offset("{\"offset\":" + offset + ",\"timestamp\":" + timestamp + "}");
        }

        private static RuntimeException invalid(Offset offset, @Nullable Throwable cause) {
            return LongOffset.invalid(offset, FORMAT, "{\"offset\":…,\"timestamp\":…}", cause);
        }
    }
}
