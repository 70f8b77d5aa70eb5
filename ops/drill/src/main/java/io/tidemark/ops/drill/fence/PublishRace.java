package io.tidemark.ops.drill.fence;

import io.tidemark.ops.drill.TidemarkCommand;
import io.tidemark.ops.drill.WorkingFolders;
import io.tidemark.ops.drill.report.Violation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Two processes that publish the same files, one after the other, side by side: of each file there is one winner, and the
 * file is what the winner wrote.
 */
public final class PublishRace {
    /** How a file gets its name. */
    public enum Way {
        /** {@link io.tidemark.api.storage.Storage#createExclusive}: control files, and versions of a table. */
        CREATE,
        /** {@link io.tidemark.api.storage.Storage#link}: state files. */
        LINK,
        /** A version of a Delta table, by the sink's own committer; each racer commits every batch of a query of its own. */
        DELTA
    }

    static final List<String> RACERS = List.of("a", "b");
    private static final long PATIENCE_MINUTES = 60;

    private final Way way;
    private final Path directory;
    private final int files;

    /** @param directory which must not exist; removed in the end */
    public PublishRace(Way way, Path directory, int files) {
        this.way = way;
        this.directory = directory;
        this.files = files;
    }

    /**
     * What was found.
     *
     * @param close how often both racers were at a file at the same time
     */
    public record Found(Way way, Path directory, int files, long close, double seconds, List<Violation> violations) {
        public Found {
            violations = List.copyOf(violations);
        }
    }

    /** Runs the race. */
    public Found run() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Files.createDirectories(directory);
        try {
            Files.write(directory.resolve(RacingPublisher.BARRIER), new byte[RacingPublisher.BARRIER_BYTES]);
            List<Process> running = new ArrayList<>();
            for (String name : RACERS) {
                running.add(start(name));
            }
            List<String> problems = new ArrayList<>();
            for (Process racer : running) {
                if (!racer.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES) || racer.exitValue() != 0) {
                    problems.add("a racer did not come to its end");
                }
            }
            running.forEach(Process::destroyForcibly);
            long close = 0;
            if (problems.isEmpty()) {
                List<RaceLog> logs = new ArrayList<>();
                for (String name : RACERS) {
                    logs.add(RaceLog.read(directory.resolve(name + ".log")));
                }
                close = logs.get(0).overlapsWith(logs.get(1));
                check(logs, problems);
            }
            List<Violation> violations = problems.stream()
                    .map(problem -> new Violation("one winner", way + ": " + problem, "fence --level races"))
                    .toList();
            return new Found(way, directory, files, close, (System.nanoTime() - begin) / 1e9, violations);
        } finally {
            WorkingFolders.delete(directory);
        }
    }

    private Process start(String name) throws IOException {
        TidemarkCommand command = TidemarkCommand.ofThisBuild();
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-cp"));
        line.add(command.classPath() + java.io.File.pathSeparator + System.getProperty("java.class.path"));
        line.add(RacingPublisher.class.getName());
        line.addAll(List.of(way.name(), directory.toString(), Integer.toString(files), name));
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".out").toFile())
                .start();
    }

    private void check(List<RaceLog> logs, List<String> problems) throws IOException {
        if (way == Way.DELTA) {
            RacingPublisher.checkTable(directory.resolve("table"), files, problems);
            return;
        }
        for (int file = 0; file < files; file++) {
            boolean first = logs.get(0).won(file);
            if (first == logs.get(1).won(file)) {
                problems.add("file " + file + " has " + (first ? "two winners" : "no winner"));
                continue;
            }
            byte[] content = Files.readAllBytes(directory.resolve("race/" + file));
            if (!Arrays.equals(content, content(RACERS.get(first ? 0 : 1), file))) {
                problems.add("file " + file + " is not what its winner wrote");
            }
        }
        try (Stream<Path> there = Files.list(directory.resolve("race"))) {
            if (there.count() != files) {
                problems.add("there are other files than those that were raced for");
            }
        }
    }

    /** Returns what a racer writes; of different length, so that no mixture passes. */
    static byte[] content(String racer, int file) {
        return (racer.repeat(racer.equals("a") ? 100 : 173) + file).getBytes(StandardCharsets.US_ASCII);
    }

    /** When a racer was at each file, by the clock that all processes share, and whether it won: three longs a file. */
    record RaceLog(long[] begins, long[] ends, boolean[] wins) {
        static RaceLog read(Path file) throws IOException {
            LongBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).asLongBuffer();
            int count = all.remaining() / 3;
            RaceLog log = new RaceLog(new long[count], new long[count], new boolean[count]);
            for (int i = 0; i < count; i++) {
                log.begins[i] = all.get();
                log.ends[i] = all.get();
                log.wins[i] = all.get() == 1;
            }
            return log;
        }

        void write(Path file) throws IOException {
            ByteBuffer all = ByteBuffer.allocate(begins.length * 3 * Long.BYTES);
            for (int i = 0; i < begins.length; i++) {
                all.putLong(begins[i]).putLong(ends[i]).putLong(wins[i] ? 1 : 0);
            }
            Files.write(file, all.array());
        }

        boolean won(int file) {
            return wins[file];
        }

        long overlapsWith(RaceLog other) {
            long overlaps = 0;
            for (int i = 0; i < Math.min(begins.length, other.begins.length); i++) {
                if (begins[i] < other.ends[i] && other.begins[i] < ends[i]) {
                    overlaps++;
                }
            }
            return overlaps;
        }
    }
}
