package io.tidemark.ops.cli;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.ops.cli.log.CommandLineLogging;
import io.tidemark.ops.cli.log.LogFile;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens the log of a run. */
final class RunLog {
    private RunLog() {}

    /**
     * Opens {@code chosen}, or {@code tidemark-<name>-<pid>.log} in the directory for temporary files.
     *
     * @return where the log is, or empty if this process logs by other means
     */
    static Optional<Path> open(@Nullable String chosen, String name) {
        Optional<LogFile> log = CommandLineLogging.file();
        if (log.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path file = chosen == null
                    ? Path.of(
                            System.getProperty("java.io.tmpdir"),
                            "tidemark-" + name + "-" + ProcessHandle.current().pid() + ".log")
                    : Path.of(chosen);
            log.get().open(file);
            return Optional.ofNullable(log.get().path());
        } catch (IOException | InvalidPathException e) {
            throw new TidemarkException(
                    ErrorCode.COMMAND_LINE,
                    "The log '" + chosen + "' cannot be written ("
                            + e.getClass().getSimpleName() + "). Choose another file with --log.",
                    e);
        }
    }
}
