package io.tidemark.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SortedSet;
import java.util.stream.LongStream;

/**
 * Kills a pipeline again and again while its input arrives. First at random moments, then, where chance met a recovery
 * window too seldom, at a storage operation that leads there. Property {@code tidemark.seed} repeats the random part.
 */
final class KillDrill {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int RANDOM_KILLS = Boolean.getBoolean("tidemark.full") ? 200 : 50;
    private static final int AT_LEAST = 5;
    private static final int KILLED = 137;

    /** Operations in front of which, in which or behind which a process dies in the window. */
    private static final Map<RecoveryWindow, List<String>> WAYS = Map.of(
            RecoveryWindow.W2, List.of("after:createExclusive:**/offsets/*", "during:createExclusive:**/offsets/*"),
            RecoveryWindow.W3, List.of("before:createExclusive:**/prepared/*", "torn:publish:**/*.parquet"),
            RecoveryWindow.W4, List.of("after:createExclusive:**/prepared/*", "before:createExclusive:**/*.json"),
            RecoveryWindow.W5, List.of("during:createExclusive:**/*.json", "torn:createExclusive:**/*.json"),
            RecoveryWindow.W6, List.of("after:createExclusive:**/*.json", "before:createExclusive:**/commits/*"),
            RecoveryWindow.W7, List.of("after:createExclusive:**/commits/*", "before:createExclusive:**/offsets/*"));

    private final String name;
    private final long seed = Long.getLong("tidemark.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Map<RecoveryWindow, Integer> byChance = new EnumMap<>(RecoveryWindow.class);
    private final Map<RecoveryWindow, Integer> byForce = new EnumMap<>(RecoveryWindow.class);
    private int beforeAnything;

    KillDrill(String name) {
        this.name = name;
        say("seed " + seed);
    }

    /** Makes a pipeline that a command runs in a directory. */
    interface PipelineIn {
        DrilledPipeline make(TidemarkCommand command, Path directory) throws IOException;
    }

    /**
     * Returns the pipeline with a command that starts in a fraction of the time: a first run leaves behind what the JVM
     * learned about the classes.
     */
    static DrilledPipeline quick(Path directory, PipelineIn pipeline) throws IOException, InterruptedException {
        TidemarkCommand command = TidemarkCommand.ofThisBuild().inJars(directory.resolve("jars"));
        Path archive = directory.resolve("classes.jsa");
        TidemarkCommand learning = command.withJvmArguments("-XX:ArchiveClassesAtExit=" + archive);
        try (TidemarkRun run =
                pipeline.make(learning, directory.resolve("first")).startAvailableNow(100)) {
            run.awaitExit(0, PATIENCE);
        }
        return pipeline.make(
                command.withJvmArguments("-XX:SharedArchiveFile=" + archive, "-Xlog:disable"),
                directory.resolve("query"));
    }

    /** Kills the pipeline in every window, and prints how often. */
    void killEverywhere(DrilledPipeline pipeline) throws IOException, InterruptedException {
        for (int i = 0; i < RANDOM_KILLS; i++) {
            killAtRandom(pipeline);
        }
        for (RecoveryWindow window : WAYS.keySet().stream().sorted().toList()) {
            for (int i = 0; seen(window) < AT_LEAST; i++) {
                assertThat(i).as("tries to die in %s, seen %s", window, byForce).isLessThan(2 * AT_LEAST);
                killAt(pipeline, window, i);
            }
        }
        print();
        assertThat(WAYS.keySet()).allMatch(window -> seen(window) >= AT_LEAST);
    }

    /** Lets the pipeline read what is left, and end. */
    static void finish(DrilledPipeline pipeline) throws InterruptedException {
        try (TidemarkRun run = pipeline.startAvailableNow(100_000)) {
            run.awaitExit(0, PATIENCE);
        }
    }

    /**
     * Every batch of one query is in the table and in both logs, once, without a hole.
     *
     * @return how many batches there were
     */
    static long assertEveryBatchOnce(DrilledPipeline pipeline, DeltaTableOracle table) throws IOException {
        LeftBehind left = pipeline.left();
        assertThat(left.commits()).isEqualTo(left.offsets());
        assertDense(left.offsets());
        assertThat(table.transactions())
                .extracting(DeltaTableOracle.Transaction::queryId)
                .containsOnly(table.transactions().get(0).queryId());
        assertThat(table.transactions().stream()
                        .map(DeltaTableOracle.Transaction::batchId)
                        .toList())
                .as("one transaction for each batch")
                .isEqualTo(
                        LongStream.rangeClosed(0, left.offsets().last()).boxed().toList());
        return left.offsets().last() + 1;
    }

    void say(String text) {
        System.out.println(name + ": " + text);
    }

    /**
     * Two in five die some time after their start or after they claimed the checkpoint, the others after they moved the
     * first batch on: otherwise most would die before they did anything.
     */
    private void killAtRandom(DrilledPipeline pipeline) throws IOException, InterruptedException {
        LeftBehind before = pipeline.left();
        List<String> epochs = pipeline.names("_tidemark/epoch");
        List<String> commits = pipeline.names("commits");
        int kind = random.nextInt(5);
        try (TidemarkRun run = pipeline.start(Map.of())) {
            while ((kind > 0 && pipeline.names("_tidemark/epoch").equals(epochs))
                    || (kind > 1 && pipeline.names("commits").equals(commits))) {
                assertNotEnded(run, run.await(Duration.ofMillis(1)));
            }
            assertNotEnded(run, run.await(Duration.ofMillis(random.nextInt(kind > 1 ? 300 : 1_000))));
            run.kill();
        }
        count(byChance, before, pipeline.left());
    }

    private static void assertNotEnded(TidemarkRun run, OptionalInt code) {
        assertThat(code).as(() -> "it ended by itself\n" + run.tail()).isEmpty();
    }

    private void killAt(DrilledPipeline pipeline, RecoveryWindow window, int round)
            throws IOException, InterruptedException {
        LeftBehind before = pipeline.left();
        List<String> ways = WAYS.get(window);
        String killAt = ways.get(round % ways.size()) + ":" + (2 + random.nextInt(3));
        try (TidemarkRun run = pipeline.start(Map.of(TidemarkCommand.KILL_AT, killAt))) {
            run.awaitExit(KILLED, PATIENCE);
        }
        count(byForce, before, pipeline.left());
    }

    /** A run that died before it moved anything on is not one more death in the window in which it found the files. */
    private void count(Map<RecoveryWindow, Integer> deaths, LeftBehind before, LeftBehind after) {
        if (after.isAsFarAs(before)) {
            beforeAnything++;
        } else {
            deaths.merge(after.window(before), 1, Integer::sum);
        }
    }

    private static void assertDense(SortedSet<Long> ids) {
        assertThat(ids)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(ids.first(), ids.last()).boxed().toList());
    }

    private int seen(RecoveryWindow window) {
        return byChance.getOrDefault(window, 0) + byForce.getOrDefault(window, 0);
    }

    private void print() {
        say("-- " + beforeAnything + " before anything moved on");
        for (RecoveryWindow window : RecoveryWindow.values()) {
            System.out.printf(
                    "%s: %s %3d by chance, %2d by force  (%s)%n",
                    name, window, byChance.getOrDefault(window, 0), byForce.getOrDefault(window, 0), window.meaning());
        }
    }
}
