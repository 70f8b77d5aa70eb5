package io.tidemark.ops.drill.kill;

import io.tidemark.ops.drill.ArrivingEvents;
import io.tidemark.ops.drill.DeltaTableOracle;
import io.tidemark.ops.drill.DrilledPipeline;
import io.tidemark.ops.drill.LeftBehind;
import io.tidemark.ops.drill.TidemarkCommand;
import io.tidemark.ops.drill.TidemarkRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A query with its input, its table and all that is known of it. Used by one thread. */
final class Victim {
    private static final int MAX_OFFSETS = 100;
    private static final int MAX_OFFSETS_TO_CATCH_UP = 100_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final DrilledQuery query;
    private final DrilledPipeline pipeline;
    private final SeededRecords records;
    private final ExpectedRows expected;
    private final BatchHistory history;
    private LeftBehind left;
    private long sent;
    private @Nullable RowCount rows;

    Victim(DrilledQuery query, SeededRecords records, TidemarkCommand command, Path directory, String brokers)
            throws IOException {
        this.query = query;
        this.records = records;
        this.expected = query.expected(records);
        this.pipeline = query.pipeline(command, directory.resolve(query.option()), brokers, MAX_OFFSETS);
        this.history = new BatchHistory(pipeline.checkpoint());
        this.left = pipeline.left();
    }

    DrilledQuery query() {
        return query;
    }

    DrilledPipeline pipeline() {
        return pipeline;
    }

    /** Returns what the last process left behind. */
    LeftBehind left() {
        return left;
    }

    /** Reads what the last process left behind, and returns what is wrong with it. */
    List<String> look() throws IOException {
        left = pipeline.left();
        return history.readOn(left);
    }

    /** Lets records arrive, from where they ended before. */
    ArrivingEvents arriving(String brokers) {
        return new ArrivingEvents(brokers, query.topic(), DrilledQuery.PARTITIONS, sent, query.records(records));
    }

    /** Says how many records there are now. */
    void sent(long total) {
        sent = total;
    }

    long sent() {
        return sent;
    }

    /** Returns the file that the next new commit makes. */
    Path nextCommit() {
        return pipeline.checkpoint()
                .resolve("commits/"
                        + (left.commits().isEmpty() ? 0 : left.commits().last() + 1));
    }

    /** Returns the file that the next new commit makes from now on, while a process runs. */
    Path commitFromNow() throws IOException {
        long newest = pipeline.names("commits").stream()
                .mapToLong(path -> Long.parseLong(Path.of(path).getFileName().toString()))
                .max()
                .orElse(-1);
        return pipeline.checkpoint().resolve("commits/" + (newest + 1));
    }

    /** Returns the file by which the next process owns the checkpoint; numbers of epochs go up by one. */
    Path nextEpoch() {
        long newest = left.epochs().stream().mapToLong(Long::parseLong).max().orElse(0);
        return pipeline.checkpoint().resolve("_tidemark/epoch/" + (newest + 1));
    }

    /** Returns the rows as they were counted at the last check, or null before the first. */
    @Nullable
    RowCount rows() {
        return rows;
    }

    long batches() {
        return left.offsets().isEmpty() ? 0 : left.offsets().last() + 1;
    }

    /** Lets the query read all there is, and returns what is wrong then: promise and what was seen. */
    List<Finding> check() throws IOException, InterruptedException {
        List<Finding> found = new ArrayList<>();
        try (TidemarkRun run = pipeline.startAvailableNow(MAX_OFFSETS_TO_CATCH_UP)) {
            OptionalInt code = run.await(PATIENCE);
            if (code.isEmpty() || code.getAsInt() != 0) {
                run.kill();
                found.add(new Finding("I8", "it did not catch up: exit code " + code + ", " + lastLine(run)));
            }
        }
        look().forEach(wrong -> found.add(new Finding("I5", wrong)));
        if (!Files.isDirectory(pipeline.table().resolve("_delta_log"))) {
            found.add(new Finding("I1", "there is no table"));
            return found;
        }
        try {
            DeltaTableOracle table = DeltaTableOracle.read(pipeline.table());
            history.compare(table, sent).forEach(wrong -> found.add(new Finding("I2", wrong)));
            RowCount count = expected.compare(table, sent);
            rows = count;
            if (!count.isExact()) {
                found.add(new Finding("I1", count.toString()));
            }
            table.checkpointDiffers().ifPresent(wrong -> found.add(new Finding("I9", wrong)));
        } catch (IllegalStateException e) {
            found.add(new Finding("I1", "the table cannot be read: " + e.getMessage()));
        }
        return found;
    }

    /** Returns the last line that a process said. */
    static String lastLine(TidemarkRun run) {
        return run.tail().strip().lines().reduce("it said nothing", (first, second) -> second);
    }

    /** A promise that does not hold, and what was seen. */
    record Finding(String promise, String what) {}
}
