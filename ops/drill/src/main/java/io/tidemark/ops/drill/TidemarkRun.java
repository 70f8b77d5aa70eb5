package io.tidemark.ops.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A command line that runs in a process of its own. Closing it kills it. */
public final class TidemarkRun implements AutoCloseable {
    private static final int TAIL = 4_000;

    private final Process process;
    private final Path log;

    TidemarkRun(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    public long pid() {
        return process.pid();
    }

    /** Returns what it printed, and what earlier runs printed to the same log. */
    public Path log() {
        return log;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end and returns the exit code, or empty if it still runs after {@code patience}. */
    public OptionalInt await(Duration patience) throws InterruptedException {
        return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)
                ? OptionalInt.of(process.exitValue())
                : OptionalInt.empty();
    }

    /**
     * Waits for its end.
     *
     * @throws IllegalStateException if it does not end in time or with another exit code; the message has the end of its
     *     log
     */
    public void awaitExit(int expected, Duration patience) throws InterruptedException {
        OptionalInt code = await(patience);
        if (code.isEmpty()) {
            kill();
            throw new IllegalStateException("still running after " + patience.toSeconds() + " s\n" + tail());
        } else if (code.getAsInt() != expected) {
            throw new IllegalStateException("exit code " + code.getAsInt() + ", expected " + expected + "\n" + tail());
        }
    }

    /** Sends SIGKILL and waits until the process is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Sends SIGINT, as Ctrl-C does. */
    public void interrupt() throws IOException, InterruptedException {
        signal("INT");
    }

    /** Freezes the process (SIGSTOP): what it holds stays held, and nothing moves on. */
    public void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Lets a frozen process go on (SIGCONT). */
    public void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** Returns whether the process stands still, by {@link #pause} or by its own hand; where the kernel tells. */
    public boolean isPaused() throws IOException {
        try (Stream<String> status = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
            return status.anyMatch(line -> line.startsWith("State:") && line.contains("T (stopped)"));
        } catch (NoSuchFileException e) {
            return false; // it has ended
        }
    }

    /** Sends SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Returns the end of the log. */
    public String tail() {
        try {
            String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
            return text.substring(Math.max(0, text.length() - TAIL));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
