package io.tidemark.ops.bench;

import io.tidemark.ops.bench.Progress.Commit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process of a peer, watched. Used by one thread. */
final class PeerRun implements AutoCloseable {
    /** What a line starts with that tells of a commit: its time in microseconds, then the offsets, by blanks. */
    static final String COMMIT = "@commit ";

    private static final long LOOK_MILLIS = 2;
    private static final Duration PATIENCE = Duration.ofMillis(200);
    private static final Duration STOP = Duration.ofSeconds(60);
    private static final int LAST_LINES = 15;

    private final String peer;
    private final Process process;
    private final Path log;
    private final long startMicros;
    private final Progress progress = new Progress();
    private final ProcessSampler sampler;
    private final Thread watch;

    private PeerRun(String peer, Process process, Path log, long startMicros, @Nullable Follower follower) {
        this.peer = peer;
        this.process = process;
        this.log = log;
        this.startMicros = startMicros;
        this.sampler = new ProcessSampler(process.pid());
        this.watch = new Thread(() -> follow(follower), "follow-" + peer);
        watch.setDaemon(true);
        watch.start();
        Thread output = new Thread(this::readOutput, "output-" + peer);
        output.setDaemon(true);
        output.start();
    }

    /** @param follower who finds the commits; without it, the process prints them */
    static PeerRun start(
            String peer, List<String> command, Map<String, String> environment, Path home, @Nullable Follower follower)
            throws IOException {
        Files.createDirectories(home);
        Path log = home.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        long start = Clock.micros();
        return new PeerRun(peer, builder.start(), log, start, follower);
    }

    private void follow(@Nullable Follower follower) {
        while (follower != null) {
            try {
                follower.look(progress);
                Thread.sleep(LOOK_MILLIS);
            } catch (IOException e) {
                continue; // a file that is being written; the next look sees more
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void readOutput() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
                PrintStream rest = new PrintStream(
                        Files.newOutputStream(log.resolveSibling("out")), true, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(COMMIT)) {
                    progress.add(commit(line));
                } else {
                    rest.println(line);
                }
            }
        } catch (IOException e) {
            // the process was killed
        }
    }

    static Commit commit(String line) {
        String[] words = line.substring(COMMIT.length()).split(" ");
        long[] offsets = Arrays.stream(words).skip(1).mapToLong(Long::parseLong).toArray();
        return new Commit(Long.parseLong(words[0]), offsets);
    }

    /** Waits until {@code rows} are committed. */
    Commit await(long rows, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            boolean alive = process.isAlive();
            Optional<Commit> commit = progress.await(rows, PATIENCE);
            if (commit.isPresent()) {
                return commit.get();
            } else if (!alive) {
                throw new BenchException(peer + " ended with exit code " + process.exitValue() + " before " + rows
                        + " rows were committed." + lastLines());
            } else if (System.nanoTime() > end) {
                throw new BenchException(
                        peer + " has not committed " + rows + " rows within " + limit + "." + lastLines());
            }
        }
    }

    private String lastLines() {
        try {
            List<String> lines = Files.readAllLines(log);
            return lines.isEmpty()
                    ? " It printed nothing."
                    : "\nIt said last:\n"
                            + String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException e) {
            return " Its log " + log + " cannot be read.";
        }
    }

    long startMicros() {
        return startMicros;
    }

    Progress progress() {
        return progress;
    }

    ProcessSampler sampler() {
        return sampler;
    }

    /** Kills the process without a word and waits until it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
        watch.interrupt();
    }

    /** Asks the process to end, kills it if that takes long, and stops looking. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            process.waitFor();
        }
        watch.interrupt();
        sampler.close();
    }
}
