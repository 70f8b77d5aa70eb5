package io.tidemark.connectors.builtin;

import io.tidemark.api.connector.InputPartition;
import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.PartitionReader;
import io.tidemark.api.connector.ReadLimit;
import io.tidemark.api.connector.Source;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a {@link MemoryStream}. An offset is the number of the last step read, -1 before the first; a bare number. */
final class MemorySource implements Source {
    private static final String FORMAT = "memory";

    private final MemoryStream stream;
    private final StructType columns;
    private OptionalLong fixedEnd = OptionalLong.empty();

    MemorySource(MemoryStream stream, StructType columns) {
        this.stream = stream;
        this.columns = columns;
    }

    @Override
    public String description() {
        return stream.schema().fieldNames().stream().collect(Collectors.joining(",", "MemoryStream[", "]"));
    }

    @Override
    public Offset initialOffset() {
        return LongOffset.of(-1);
    }

    @Override
    public Optional<Offset> latestOffset(Offset start, ReadLimit limit) {
        long newest = fixedEnd.orElseGet(stream::newestOffset);
        return newest < 0
                ? Optional.empty()
                : Optional.of(LongOffset.of(Math.max(newest, LongOffset.parse(start, FORMAT))));
    }

    @Override
    public Optional<Offset> reportLatestOffset() {
        long newest = stream.newestOffset();
        return newest < 0 ? Optional.empty() : Optional.of(LongOffset.of(newest));
    }

    @Override
    public void prepareForTriggerAvailableNow() {
        fixedEnd = OptionalLong.of(stream.newestOffset());
    }

    @Override
    public void resume(Offset end, @Nullable String seal) {
        check(end);
    }

    @Override
    public Plan plan(Offset start, Offset end, @Nullable String seal) {
        check(end);
        List<InputPartition> steps = new ArrayList<>();
        for (long step = LongOffset.parse(start, FORMAT) + 1; step <= LongOffset.parse(end, FORMAT); step++) {
            steps.add(new Step(step));
        }
        return new Plan(steps, List.of());
    }

    @Override
    public PartitionReader reader(InputPartition partition, int attempt) {
        return new StepReader(select(stream.block(((Step) partition).offset)));
    }

    @Override
    public SortedMap<String, String> metrics(Offset end) {
        return Collections.unmodifiableSortedMap(new TreeMap<>());
    }

    @Override
    public void close(Duration deadline) {}

    private void check(Offset end) {
        if (LongOffset.parse(end, FORMAT) > stream.newestOffset()) {
            throw new TidemarkException(
                    ErrorCode.SOURCE_ROWS_MISSING,
                    "The checkpoint has read the memory stream up to step " + end + ", but it only goes to step "
                            + stream.newestOffset() + ". Its rows were in a process that is gone: "
                            + "use another checkpointLocation.");
        }
    }

    private ColumnBatch select(ColumnBatch block) {
        return new ColumnBatch(
                columns,
                columns.fieldNames().stream()
                        .map(name -> block.column(stream.schema().indexOf(name).orElseThrow()))
                        .toList(),
                block.selection());
    }

    private record Step(long offset) implements InputPartition {
        @Override
        public String describe() {
            return "memory step " + offset;
        }
    }

    private static final class StepReader implements PartitionReader {
        private @Nullable ColumnBatch rest;

        private StepReader(ColumnBatch block) {
            rest = block.rowCount() == 0 ? null : block;
        }

        @Override
        public @Nullable ColumnBatch next() {
            ColumnBatch result = rest;
            rest = null;
            return result;
        }

        @Override
        public void close() {}
    }
}
