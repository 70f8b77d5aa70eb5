package io.tidemark.ops.cli;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.secret.Redaction;
import io.tidemark.api.streaming.StreamingQueryListener;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Appends every progress as one line of JSON, and sees to it that each line is out before the next event. */
final class ProgressFile extends StreamingQueryListener implements AutoCloseable {
    private final PrintStream out;

    private ProgressFile(PrintStream out) {
        this.out = out;
    }

    /** @param target a file to append to, or {@code -} for standard output */
    static ProgressFile open(String target, Terminal terminal) {
        if (target.equals("-")) {
            return new ProgressFile(terminal.out());
        }
        try {
            return new ProgressFile(new PrintStream(
                    Files.newOutputStream(Path.of(target), StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                    false,
                    StandardCharsets.UTF_8));
        } catch (IOException | IllegalArgumentException e) {
            throw new TidemarkException(
                    ErrorCode.COMMAND_LINE,
                    "--progress '" + target + "' cannot be written ("
                            + e.getClass().getSimpleName()
                            + "). Name a file in a directory that exists, or - for standard output.",
                    e);
        }
    }

    @Override
    public void onQueryStarted(QueryStartedEvent event) {}

    @Override
    public synchronized void onQueryProgress(QueryProgressEvent event) {
        out.print(Redaction.blot(event.progress().json()) + "\n");
        out.flush();
    }

    @Override
    public void onQueryTerminated(QueryTerminatedEvent event) {}

    @Override
    public void close() {
        out.flush();
    }
}
