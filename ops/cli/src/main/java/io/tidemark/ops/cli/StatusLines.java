package io.tidemark.ops.cli;

import io.tidemark.api.streaming.SourceProgress;
import io.tidemark.api.streaming.StreamingQueryListener;
import io.tidemark.api.streaming.StreamingQueryProgress;
import java.io.PrintStream;
import java.util.Locale;
import java.util.OptionalLong;

/** Prints one line for each batch that read or wrote something. */
final class StatusLines extends StreamingQueryListener {
    private final PrintStream err;

    StatusLines(PrintStream err) {
        this.err = err;
    }

    @Override
    public void onQueryStarted(QueryStartedEvent event) {
        err.println(event.name() + ": started, query id " + event.id());
    }

    @Override
    public void onQueryProgress(QueryProgressEvent event) {
        if (event.progress().durationMs().containsKey("addBatch")
                || event.progress().numInputRows() > 0) {
            err.println(line(event.progress()));
        }
    }

    @Override
    public void onQueryTerminated(QueryTerminatedEvent event) {}

    static String line(StreamingQueryProgress progress) {
        String rows = String.format(
                Locale.ROOT,
                "%s: batch %d, %,d rows in %.3f s, %,.0f rows/s",
                progress.name(),
                progress.batchId(),
                progress.numInputRows(),
                progress.batchDuration() / 1e3,
                progress.processedRowsPerSecond());
        OptionalLong behind = behind(progress);
        return behind.isPresent() ? rows + String.format(Locale.ROOT, ", %,d behind", behind.getAsLong()) : rows;
    }

    /** Returns how many rows the partition that is furthest behind still holds, if the sources say so. */
    static OptionalLong behind(StreamingQueryProgress progress) {
        return progress.sources().stream()
                .map(SourceProgress::metrics)
                .filter(metrics -> metrics.containsKey("maxOffsetsBehindLatest"))
                .mapToLong(metrics -> Long.parseLong(metrics.get("maxOffsetsBehindLatest")))
                .max();
    }
}
