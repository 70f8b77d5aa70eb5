package io.tidemark.ops.drill.fence;

import io.tidemark.connectors.kafkabroker.KafkaBrokerProcess;
import io.tidemark.ops.drill.DeltaTableOracle;
import io.tidemark.ops.drill.DrilledPipeline;
import io.tidemark.ops.drill.Events;
import io.tidemark.ops.drill.TidemarkCommand;
import io.tidemark.ops.drill.TidemarkRun;
import io.tidemark.ops.drill.report.Violation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeMap;

/**
 * The command line itself, with a broker and a table on disk: the first process is stopped (SIGSTOP) at a storage operation,
 * the second takes over and commits, the first is let go on (SIGCONT) and must exit with 3.
 */
public final class ProcessTakeovers {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final int EVENTS = 3_000;
    private static final int MAX_OFFSETS = 100;
    private static final int WINDOW_SECONDS = 300;
    private static final int DELAY_SECONDS = 600;
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
    private static final int FENCED = 3;

    /** Where the first process stops; those with a {@code state} in them are of the query with state. */
    private static final List<String> POINTS = List.of(
            "before:createExclusive:**/offsets/*",
            "after:createExclusive:**/offsets/*",
            "before:createExclusive:**/sealed/*",
            "before:publish:**/*.parquet",
            "before:createExclusive:**/prepared/*",
            "during:createExclusive:**/prepared/*",
            "after:createExclusive:**/prepared/*",
            "before:createExclusive:**/_delta_log/*.json",
            "during:createExclusive:**/_delta_log/*.json",
            "after:createExclusive:**/_delta_log/*.json",
            "before:createExclusive:**/commits/*",
            "after:createExclusive:**/commits/*",
            "after:lock:**/_tidemark/lock",
            "before:createExclusive:**/epoch/*",
            "after:createExclusive:**/epoch/*",
            "after:publish:**/staged/*/**",
            "before:link:**/state/**",
            "during:link:**/state/**",
            "after:link:**/state/**",
            "before:publish:**/SSTs/*",
            "before:createExclusive:**/state/**.zip",
            "before:replace:**/state/**.crc",
            "before:deleteRecursively:**/staged/*");

    private final Path directory;
    private final long seed;
    private final Random random;
    private final PrintStream out;
    private final List<Violation> violations = new ArrayList<>();
    private final List<String> neverStopped = new ArrayList<>();
    private int cases;

    /** @param directory for what the processes leave; the caller removes it */
    public ProcessTakeovers(Path directory, long seed, PrintStream out) {
        this.directory = directory;
        this.seed = seed;
        this.random = new Random(seed);
        this.out = out;
    }

    /** What was found; every point is an operation. */
    public record Found(int cases, List<Violation> violations, int points, List<String> neverStopped) {
        public Found {
            violations = List.copyOf(violations);
            neverStopped = List.copyOf(neverStopped);
        }
    }

    /**
     * Runs the drill.
     *
     * @param sample how many points to draw; 0 for all
     */
    public Found run(int sample) throws IOException, InterruptedException {
        List<String> points = new ArrayList<>(POINTS);
        if (sample > 0) {
            Collections.shuffle(points, random);
            points = points.subList(0, Math.min(sample, points.size()));
        }
        try (KafkaBrokerProcess broker = KafkaBrokerProcess.start(directory.resolve("kafka"), 0);
                Events events = new Events(broker.bootstrapServers())) {
            broker.topics().create("events", 2);
            events.send("events", 2, 0, EVENTS, ProcessTakeovers::click);
            TidemarkCommand command = sample > 0 ? TidemarkCommand.ofThisBuild() : quick(broker.bootstrapServers());
            for (String point : points) {
                String where = point + ":" + (isOnce(point) ? 1 : 2 + random.nextInt(3));
                out.println("  " + where);
                Path home = directory.resolve(Integer.toString(cases++));
                takeOver(pipeline(command, home, broker.bootstrapServers(), point), point, where);
            }
        }
        return new Found(cases, violations, POINTS.size(), neverStopped);
    }

    private static boolean isOnce(String point) {
        return point.contains("lock") || point.contains("epoch");
    }

    private static boolean hasState(String point) {
        return point.contains("state") || point.contains("staged") || point.contains("SSTs");
    }

    private static DrilledPipeline pipeline(TidemarkCommand command, Path home, String brokers, String point)
            throws IOException {
        return hasState(point)
                ? DrilledPipeline.clickstream(command, home, brokers, "events", MAX_OFFSETS)
                : DrilledPipeline.events(command, home, brokers, "events", MAX_OFFSETS);
    }

    /** Returns a command that starts in a fraction of the time: a first run leaves behind what the JVM learned. */
    private TidemarkCommand quick(String brokers) throws IOException, InterruptedException {
        TidemarkCommand command = TidemarkCommand.ofThisBuild().inJars(directory.resolve("jars"));
        Path archive = directory.resolve("classes.jsa");
        DrilledPipeline first = pipeline(
                command.withJvmArguments("-XX:ArchiveClassesAtExit=" + archive),
                directory.resolve("first"),
                brokers,
                "state");
        try (TidemarkRun run = first.startAvailableNow(EVENTS)) {
            run.awaitExit(0, PATIENCE);
        }
        return command.withJvmArguments("-XX:SharedArchiveFile=" + archive, "-Xlog:disable");
    }

    private void takeOver(DrilledPipeline pipeline, String point, String where)
            throws IOException, InterruptedException {
        try (TidemarkRun first = pipeline.start(Map.of(TidemarkCommand.STOP_AT, where))) {
            if (!awaitPaused(first)) {
                neverStopped.add(where);
                return;
            }
            int commits = pipeline.names("commits").size();
            try (TidemarkRun second = pipeline.startTakingOver()) {
                awaitMoreCommits(pipeline, second, commits + 1);
                first.resume();
                first.awaitExit(FENCED, PATIENCE);
                awaitMoreCommits(pipeline, second, commits + 2);
                second.terminate();
                second.awaitExit(143, PATIENCE);
            }
            try (TidemarkRun third = pipeline.startAvailableNow(EVENTS)) {
                third.awaitExit(0, PATIENCE);
            }
            DeltaTableOracle table = DeltaTableOracle.read(pipeline.table());
            if (hasState(point)) {
                checkWindows(table, where);
            } else if (!table.countEvents().equals(DeltaTableOracle.Count.exactlyOnce(EVENTS))) {
                violate(where, "I1", table.countEvents() + " instead of " + EVENTS + " events, each once");
            }
        } catch (IllegalStateException e) {
            violate(where, "F4", String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
        }
    }

    private static boolean awaitPaused(TidemarkRun run) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!run.isPaused()) {
            OptionalInt code = run.await(POLL);
            if (code.isPresent() || System.nanoTime() > deadline) {
                return false;
            }
        }
        return true;
    }

    private static void awaitMoreCommits(DrilledPipeline pipeline, TidemarkRun run, int count)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (pipeline.names("commits").size() < count) {
            OptionalInt code = run.await(POLL);
            if (code.isPresent() || System.nanoTime() > deadline) {
                throw new IllegalStateException("the second process does not go on: " + code + " " + run.tail());
            }
        }
    }

    private void checkWindows(DeltaTableOracle table, String where) {
        TreeMap<String, Long> expected = new TreeMap<>();
        for (long id = 0; id < EVENTS; id++) {
            long start = id / WINDOW_SECONDS * WINDOW_SECONDS;
            if (start + WINDOW_SECONDS <= EVENTS - 1 - DELAY_SECONDS) {
                expected.merge((EPOCH.getEpochSecond() + start) + " " + page(id), 1L, Long::sum);
            }
        }
        TreeMap<String, Long> found = new TreeMap<>();
        for (List<String> row : table.rows("CAST(epoch(window_start) AS BIGINT), page, clicks")) {
            found.merge(row.get(0) + " " + row.get(1), Long.parseLong(row.get(2)), Long::sum);
        }
        if (!found.equals(expected)) {
            violate(where, "I1", "the windows are " + found + " instead of " + expected);
        }
    }

    private void violate(String where, String promise, String what) {
        violations.add(new Violation(promise, where + ": " + what, "fence --level processes --seed " + seed));
    }

    private static String page(long id) {
        return "/page/" + id % 5;
    }

    private static byte[] click(long id) {
        String text = "{\"event_id\":" + id + ",\"user_id\":\"u\",\"page\":\"" + page(id)
                + "\",\"amount\":1.5,\"event_time\":\"" + EPOCH.plusSeconds(id) + "\"}";
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
