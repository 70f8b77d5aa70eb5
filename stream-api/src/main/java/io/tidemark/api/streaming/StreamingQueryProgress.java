package io.tidemark.api.streaming;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What happened in one trigger, member by member as Spark reports it.
 *
 * @param timestamp when the trigger started, {@code yyyy-MM-dd'T'HH:mm:ss.SSS'Z'} in UTC
 * @param batchId the batch just run; in an idle report the id the next batch would get
 * @param batchDuration milliseconds
 * @param durationMs milliseconds by phase
 * @param eventTime avg, max, min and watermark as timestamps, where the query has a watermark
 */
public record StreamingQueryProgress(
        UUID id,
        UUID runId,
        @Nullable String name,
        String timestamp,
        long batchId,
        long batchDuration,
        SortedMap<String, Long> durationMs,
        SortedMap<String, String> eventTime,
        List<StateOperatorProgress> stateOperators,
        List<SourceProgress> sources,
        SinkProgress sink) {
    public StreamingQueryProgress {
        durationMs = Collections.unmodifiableSortedMap(new TreeMap<>(durationMs));
        eventTime = Collections.unmodifiableSortedMap(new TreeMap<>(eventTime));
        stateOperators = List.copyOf(stateOperators);
        sources = List.copyOf(sources);
    }

    /** Returns the rows read from all sources. */
    public long numInputRows() {
        return sources.stream().mapToLong(SourceProgress::numInputRows).sum();
    }

    public double inputRowsPerSecond() {
        return sources.stream().mapToDouble(SourceProgress::inputRowsPerSecond).sum();
    }

    public double processedRowsPerSecond() {
        return sources.stream()
                .mapToDouble(SourceProgress::processedRowsPerSecond)
                .sum();
    }

    /** Returns Spark's compact JSON. */
    public String json() {
        return new JsonText()
                .string("id", id.toString())
                .string("runId", runId.toString())
                .string("name", name)
                .string("timestamp", timestamp)
                .number("batchId", batchId)
                .number("batchDuration", batchDuration)
                .number("numInputRows", numInputRows())
                .rate("inputRowsPerSecond", inputRowsPerSecond())
                .rate("processedRowsPerSecond", processedRowsPerSecond())
                .longs("durationMs", durationMs)
                .strings("eventTime", eventTime)
                .array(
                        "stateOperators",
                        stateOperators.stream().map(StateOperatorProgress::json).toList())
                .array("sources", sources.stream().map(SourceProgress::json).toList())
                .raw("sink", sink.json())
                .end();
    }

    @Override
    public String toString() {
        return json();
    }
}
