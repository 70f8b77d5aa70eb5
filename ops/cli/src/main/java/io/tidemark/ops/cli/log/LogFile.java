package io.tidemark.ops.cli.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import io.tidemark.api.error.LoggedFailure;
import io.tidemark.api.secret.Redaction;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The log of a process. Lines that come before {@link #open} are kept (the newest {@value #KEPT}) and written then, so
 * that a command that fails on its input leaves no file. Safe for use by many threads.
 */
public final class LogFile extends AppenderBase<ILoggingEvent> {
    private static final int KEPT = 1_000;

    private final Deque<String> early = new ArrayDeque<>();
    private @Nullable Writer out;
    private @Nullable Path path;

    /** Opens the file for appending, its directory made if need be. Only the first call counts. */
    public synchronized void open(Path file) throws IOException {
        if (out != null) {
            return;
        }
        if (file.toAbsolutePath().getParent() != null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
        out = Files.newBufferedWriter(
                file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        path = file;
        for (String line : early) {
            out.write(line);
        }
        early.clear();
        out.flush();
    }

    /** Returns the open file, or null. */
    public synchronized @Nullable Path path() {
        return path;
    }

    @Override
    protected synchronized void append(ILoggingEvent event) {
        String text = format(event);
        if (out == null) {
            if (early.size() == KEPT) {
                early.removeFirst();
            }
            early.addLast(text);
            return;
        }
        try {
            out.write(text);
            out.flush();
        } catch (IOException e) {
            addError("cannot write " + path, e);
        }
    }

    /** One line, whatever the message holds, and no secret in it; a failure follows in lines that start with a blank. */
    private static String format(ILoggingEvent event) {
        StringBuilder text = new StringBuilder()
                .append(Instant.ofEpochMilli(event.getTimeStamp()))
                .append(' ')
                .append(event.getLevel())
                .append(" [")
                .append(plain(event.getThreadName()))
                .append("] ")
                .append(event.getLoggerName())
                .append(" - ")
                .append(plain(event.getFormattedMessage()))
                .append('\n');
        if (event.getThrowableProxy() instanceof ThrowableProxy thrown) {
            append(text, LoggedFailure.of(thrown.getThrowable()));
        }
        return text.toString();
    }

    private static String plain(@Nullable String text) {
        return LoggedFailure.oneLine(Redaction.blot(String.valueOf(text)));
    }

    private static void append(StringBuilder text, LoggedFailure failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        trace.toString().lines().forEach(line -> text.append(line.startsWith("\t") ? "" : "  ")
                .append(line)
                .append('\n'));
    }
}
