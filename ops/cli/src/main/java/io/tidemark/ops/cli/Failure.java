package io.tidemark.ops.cli;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.LoggedFailure;
import io.tidemark.api.error.Remedy;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.secret.Redaction;
import io.tidemark.api.streaming.StreamingQueryException;
import io.tidemark.ops.cli.log.CommandLineLogging;
import io.tidemark.ops.cli.log.LogFile;
import org.slf4j.LoggerFactory;

/** How a command ends that could not do its work: one line for a person, an exit code for a program, the rest in the log. */
record Failure(ErrorCode code, String line) {
    static Failure of(Throwable failure) {
        Throwable cause = innermost(failure);
        if (cause instanceof TidemarkException known) {
            return new Failure(known.code(), known.code().label() + ": " + oneLine(String.valueOf(known.getMessage())));
        }
        if (cause instanceof OutOfMemoryError) {
            return new Failure(
                    ErrorCode.TASK_FAILED,
                    ErrorCode.TASK_FAILED.label()
                            + ": Out of memory. Give the process more with TIDEMARK_OPTS=-Xmx2g, or read less per"
                            + " batch.");
        }
        return new Failure(
                ErrorCode.BUG,
                ErrorCode.BUG.label() + ": Unexpected " + oneLine(cause.toString())
                        + ". This is a defect of Tidemark: please report it with the log.");
    }

    static boolean isOutOfMemory(Throwable failure) {
        return innermost(failure) instanceof OutOfMemoryError;
    }

    private static Throwable innermost(Throwable failure) {
        Throwable cause = failure;
        while (isWrapper(cause)) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** What a query throws says which query it was; what happened to it stands in the cause. */
    private static boolean isWrapper(Throwable failure) {
        return (failure instanceof StreamingQueryException
                        && (failure.getCause() instanceof TidemarkException || failure.getCause() instanceof Error))
                || (failure instanceof IllegalStateException && failure.getCause() instanceof Error);
    }

    /** Returns {@code text} with every run of line breaks turned into one blank, and without secrets. */
    static String oneLine(String text) {
        return LoggedFailure.oneLine(Redaction.blot(text.strip()).replaceAll("\\s*[\\r\\n]+\\s*", " "));
    }

    /** Prints the line, logs the stack trace, and returns the exit code. */
    static int report(Throwable failure, Terminal terminal) {
        Failure told = of(failure);
        LoggerFactory.getLogger(Failure.class)
                .error("The command failed: {}", told.code().label(), LoggedFailure.of(failure));
        String log = told.code().remedy() == Remedy.FIX_QUERY
                ? ""
                : CommandLineLogging.file()
                        .map(LogFile::path)
                        .map(path -> " Log: " + path)
                        .orElse("");
        terminal.err().println("tidemark: " + told.line() + log);
        terminal.err().flush();
        return told.code().remedy().exitCode();
    }
}
