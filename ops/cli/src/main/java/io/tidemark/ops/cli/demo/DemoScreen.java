package io.tidemark.ops.cli.demo;

import io.tidemark.api.TimeSource;
import io.tidemark.api.streaming.StreamingQueryListener;
import io.tidemark.api.streaming.StreamingQueryProgress;
import java.io.PrintStream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Shows how the demo goes: one line that is rewritten on a terminal, a line per batch elsewhere. Safe for use by many
 * threads.
 */
public final class DemoScreen extends StreamingQueryListener {
    private static final String REWRITE = "\r\u001b[2K";

    private final PrintStream out;
    private final boolean rewrites;
    private final TimeSource time;
    private final long startNanos;
    private final Runnable onChange;
    private @Nullable ClickFeed feed;
    private @Nullable StreamingQueryProgress newest;
    private long committed;

    /**
     * @param rewrites whether {@code out} is a terminal
     * @param onChange called, on the engine's listener thread, after each batch
     */
    public DemoScreen(PrintStream out, boolean rewrites, TimeSource time, Runnable onChange) {
        this.out = out;
        this.rewrites = rewrites;
        this.time = time;
        this.startNanos = time.nanoTime();
        this.onChange = onChange;
    }

    public synchronized void watch(ClickFeed clicks) {
        feed = clicks;
    }

    /** Returns the rows of all batches committed so far. */
    public synchronized long committed() {
        return committed;
    }

    /** Draws the line anew; does nothing where lines cannot be rewritten. */
    public synchronized void refresh() {
        if (rewrites) {
            out.print(REWRITE + line());
            out.flush();
        }
    }

    /** Leaves the last state standing. */
    public synchronized void finish() {
        if (rewrites) {
            out.println(REWRITE + line());
        }
    }

    @Override
    public void onQueryStarted(QueryStartedEvent event) {}

    @Override
    public void onQueryProgress(QueryProgressEvent event) {
        synchronized (this) {
            StreamingQueryProgress progress = event.progress();
            if (progress.numInputRows() > 0) {
                newest = progress;
                committed += progress.numInputRows();
                if (rewrites) {
                    refresh();
                } else {
                    out.println(line());
                }
            }
        }
        onChange.run();
    }

    @Override
    public void onQueryTerminated(QueryTerminatedEvent event) {}

    private String line() {
        long produced = feed == null ? 0 : feed.acknowledged();
        String totals = String.format(
                Locale.ROOT,
                "%6.1f s  produced %,d  committed %,d  lag %,d",
                (time.nanoTime() - startNanos) / 1e9,
                Math.max(produced, committed), // a confirmation may still be on its way
                committed,
                Math.max(0, produced - committed));
        return newest == null
                ? totals
                : totals
                        + String.format(
                                Locale.ROOT,
                                "  batch %d: %,d rows in %.3f s, %,.0f rows/s",
                                newest.batchId(),
                                newest.numInputRows(),
                                newest.batchDuration() / 1e3,
                                newest.processedRowsPerSecond());
    }
}
