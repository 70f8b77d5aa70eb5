package io.tidemark.connectors.builtin;

import io.tidemark.api.connector.InputPartition;
import io.tidemark.api.connector.Offset;
import io.tidemark.api.connector.PartitionReader;
import io.tidemark.api.connector.ReadLimit;
import io.tidemark.api.connector.Source;
import io.tidemark.api.connector.SourceContext;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Rows by the clock. An offset is the number of seconds since the source was created; when that was stands in {@code
 * sources/K/0} as {@code v1 LF <milliseconds>}, so the rows between two offsets are the same in every run.
 */
final class RateSource implements Source {
    private static final String FORMAT = "rate";

    private final Speed speed;
    private final int partitions;
    private final SourceContext context;
    private final String creationFile;
    private OptionalLong creationMillis = OptionalLong.empty();
    private OptionalLong lastAvailable = OptionalLong.empty();
    private boolean endIsFixed;

    RateSource(Speed speed, int partitions, SourceContext context) {
        this.speed = speed;
        this.partitions = partitions;
        this.context = context;
        this.creationFile = context.directory() + "/0";
    }

    @Override
    public String description() {
        return "RateStreamV2[rowsPerSecond=" + speed.rowsPerSecond + ", rampUpTimeSeconds=" + speed.rampUpSeconds
                + ", numPartitions=" + partitions + "]";
    }

    @Override
    public Offset initialOffset() {
        if (readCreation().isEmpty()) {
            long now = context.time().currentTimeMillis();
            try {
                byte[] content = ("v1\n" + now).getBytes(StandardCharsets.UTF_8);
                context.storage().createExclusive(creationFile, content);
            } catch (FileAlreadyExistsException e) {
                throw new TidemarkException(
                        ErrorCode.BATCH_CONFLICT,
                        "Another run created " + creationFile + " at the same time. Stop one of the two.",
                        e);
            } catch (IOException e) {
                throw storageFailed(e);
            }
            creationMillis = OptionalLong.of(now);
        }
        return LongOffset.of(0);
    }

    @Override
    public Optional<Offset> latestOffset(Offset start, ReadLimit limit) {
        if (!endIsFixed || lastAvailable.isEmpty()) {
            lastAvailable = OptionalLong.of(secondsSoFar());
        }
        // A clock that went back must not take the query back.
        return Optional.of(LongOffset.of(Math.max(lastAvailable.getAsLong(), LongOffset.parse(start, FORMAT))));
    }

    @Override
    public void prepareForTriggerAvailableNow() {
        endIsFixed = true;
    }

    @Override
    public Plan plan(Offset start, Offset end, @Nullable String seal) {
        long startSecond = LongOffset.parse(start, FORMAT);
        long endSecond = LongOffset.parse(end, FORMAT);
        long from = speed.valueAtSecond(startSecond);
        long until = speed.valueAtSecond(endSecond);
        if (from >= until) {
            return new Plan(List.of(), List.of());
        }
        long originMillis = creation() + startSecond * 1_000;
        double millisPerValue = (endSecond - startSecond) * 1_000.0 / (until - from);
        List<InputPartition> split = new ArrayList<>();
        for (int p = 0; p < partitions && from + p < until; p++) {
            split.add(new CountingPartition(FORMAT, from + p, partitions, until, from, originMillis, millisPerValue));
        }
        return new Plan(split, List.of());
    }

    @Override
    public PartitionReader reader(InputPartition partition, int attempt) {
        return new CountingReader(context.requiredSchema(), (CountingPartition) partition);
    }

    @Override
    public SortedMap<String, String> metrics(Offset end) {
        return Collections.unmodifiableSortedMap(new TreeMap<>());
    }

    @Override
    public void close(Duration deadline) {}

    private long secondsSoFar() {
        return Math.max(0, context.time().currentTimeMillis() - creation()) / 1_000;
    }

    private long creation() {
        return readCreation()
                .orElseThrow(() -> new TidemarkException(
                        ErrorCode.CHECKPOINT_FILE_CORRUPT,
                        "The file " + creationFile + " is missing, which says when the rate source began. "
                                + "Restore it from a backup, or start over with another checkpointLocation."));
    }

    private OptionalLong readCreation() {
        if (creationMillis.isEmpty()) {
            try {
                Optional<byte[]> content = context.storage().read(creationFile);
                if (content.isPresent()) {
                    creationMillis = OptionalLong.of(parse(content.get()));
                }
            } catch (IOException e) {
                throw storageFailed(e);
            }
        }
        return creationMillis;
    }

    private long parse(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        try {
            if (text.startsWith("v1\n")) {
                return Long.parseLong(text.substring(3).strip());
            }
        } catch (NumberFormatException e) {
            throw corrupt(text, e);
        }
        throw corrupt(text, null);
    }

    private TidemarkException corrupt(String text, @Nullable Throwable cause) {
        return new TidemarkException(
                ErrorCode.CHECKPOINT_FILE_CORRUPT,
                "The file " + creationFile + " is not 'v1' and a number of milliseconds (" + text.length()
                        + " characters). Restore it from a backup, or start over with another checkpointLocation.",
                cause);
    }

    private TidemarkException storageFailed(IOException e) {
        return new TidemarkException(
                ErrorCode.STORAGE_FAILED, "Cannot read or write " + creationFile + ": " + e.getMessage() + ".", e);
    }

    /** How many rows there are by when: a rate that grows evenly, second by second, until it is reached. */
    record Speed(long rowsPerSecond, long rampUpSeconds) {
        /** Returns the first number that belongs to a later second. */
        long valueAtSecond(long second) {
            if (second > rampUpSeconds) {
                long rampUp = valueAtSecond(rampUpSeconds);
                return Math.addExact(rampUp, Math.multiplyExact(second - rampUpSeconds, rowsPerSecond));
            }
            long growth = Math.max(1, rowsPerSecond / (rampUpSeconds + 1));
            long pairs = second % 2 == 1 ? (second + 1) / 2 * second : second / 2 * (second + 1);
            return Math.multiplyExact(pairs, growth);
        }
    }
}
