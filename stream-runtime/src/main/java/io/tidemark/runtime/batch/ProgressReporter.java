package io.tidemark.runtime.batch;

import io.tidemark.api.TimeSource;
import io.tidemark.api.streaming.SinkProgress;
import io.tidemark.api.streaming.SourceProgress;
import io.tidemark.api.streaming.StateOperatorProgress;
import io.tidemark.api.streaming.StreamingQueryProgress;
import io.tidemark.runtime.watermark.EventTimeStatistics;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Times the phases of a trigger and makes Spark's progress of them. Used by the query's thread only. */
final class ProgressReporter {
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final UUID id;
    private final UUID runId;
    private final @Nullable String name;
    private final TimeSource time;
    private final TreeMap<String, Long> durationMs = new TreeMap<>();
    private long triggerStart;
    private long triggerStartNanos;
    private long previousTriggerStart = -1;

    ProgressReporter(UUID id, UUID runId, @Nullable String name, TimeSource time) {
        this.id = id;
        this.runId = runId;
        this.name = name;
        this.time = time;
    }

    /** A phase that may be interrupted. */
    interface Phase<T> {
        T run() throws InterruptedException;
    }

    void startTrigger() {
        if (triggerStart > 0) {
            previousTriggerStart = triggerStart;
        }
        durationMs.clear();
        triggerStart = time.currentTimeMillis();
        triggerStartNanos = time.nanoTime();
    }

    /** Runs a phase and adds its time to {@code durationMs}. */
    <T> T timed(String phase, Phase<T> body) throws InterruptedException {
        long start = time.nanoTime();
        try {
            return body.run();
        } finally {
            durationMs.merge(phase, TimeUnit.NANOSECONDS.toMillis(time.nanoTime() - start), Long::sum);
        }
    }

    /** What one source did. */
    record SourceReport(
            String description,
            @Nullable String start,
            @Nullable String end,
            @Nullable String latest,
            long rows,
            SortedMap<String, String> metrics) {}

    StreamingQueryProgress finish(
            long batchId,
            List<SourceReport> sources,
            List<StateOperatorProgress> operators,
            SinkProgress sink,
            @Nullable EventTimeStatistics eventTimes,
            @Nullable Long watermarkMillis) {
        long duration = TimeUnit.NANOSECONDS.toMillis(time.nanoTime() - triggerStartNanos);
        TreeMap<String, Long> phases = new TreeMap<>(durationMs);
        phases.put("triggerExecution", duration);
        TreeMap<String, String> eventTime = new TreeMap<>();
        if (eventTimes != null) {
            eventTime.put("avg", timestamp(eventTimes.average()));
            eventTime.put("max", timestamp(eventTimes.max()));
            eventTime.put("min", timestamp(eventTimes.min()));
        }
        if (watermarkMillis != null) {
            eventTime.put("watermark", timestamp(watermarkMillis));
        }
        double sinceLast =
                previousTriggerStart < 0 ? Double.POSITIVE_INFINITY : (triggerStart - previousTriggerStart) / 1000.0;
        double busy = Math.max(1, duration) / 1000.0;
        List<SourceProgress> reports = new ArrayList<>(sources.size());
        for (SourceReport source : sources) {
            reports.add(new SourceProgress(
                    source.description(),
                    source.start(),
                    source.end(),
                    source.latest(),
                    source.rows(),
                    sinceLast == 0 ? Double.POSITIVE_INFINITY : source.rows() / sinceLast,
                    source.rows() / busy,
                    source.metrics()));
        }
        return new StreamingQueryProgress(
                id,
                runId,
                name,
                timestamp(triggerStart),
                batchId,
                duration,
                phases,
                eventTime,
                operators,
                reports,
                sink);
    }

    long triggerStart() {
        return triggerStart;
    }

    static String timestamp(long millis) {
        return TIMESTAMP.format(Instant.ofEpochMilli(millis));
    }
}
