package io.tidemark.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.connectors.kafkabroker.KafkaBrokerProcess;
import io.tidemark.ops.drill.DeltaTableOracle.Count;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the command line again and again while events arrive. First at random moments, then, where chance met a recovery
 * window too seldom, at a storage operation that leads there. Property {@code tidemark.seed} repeats the random part.
 */
class KillDrillTest {
    private static final int RANDOM_KILLS = Boolean.getBoolean("tidemark.full") ? 200 : 50;
    private static final int AT_LEAST = 5;
    private static final int KILLED = 137;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Operations in front of which, in which or behind which a process dies in the window. */
    private static final Map<RecoveryWindow, List<String>> WAYS = Map.of(
            RecoveryWindow.W2, List.of("after:createExclusive:**/offsets/*", "during:createExclusive:**/offsets/*"),
            RecoveryWindow.W3, List.of("before:createExclusive:**/prepared/*", "torn:publish:**/*.parquet"),
            RecoveryWindow.W4, List.of("after:createExclusive:**/prepared/*", "before:createExclusive:**/*.json"),
            RecoveryWindow.W5, List.of("during:createExclusive:**/*.json", "torn:createExclusive:**/*.json"),
            RecoveryWindow.W6, List.of("after:createExclusive:**/*.json", "before:createExclusive:**/commits/*"),
            RecoveryWindow.W7, List.of("after:createExclusive:**/commits/*", "before:createExclusive:**/offsets/*"));

    private final long seed = Long.getLong("tidemark.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Map<RecoveryWindow, Integer> byChance = new EnumMap<>(RecoveryWindow.class);
    private final Map<RecoveryWindow, Integer> byForce = new EnumMap<>(RecoveryWindow.class);
    private int beforeAnything;

    @TempDir
    Path directory;

    @Test
    void noKillLosesOrDoublesAnEvent() throws Exception {
        System.out.println("kill drill: seed " + seed);
        try (KafkaBrokerProcess broker = KafkaBrokerProcess.start(directory.resolve("kafka"), 0)) {
            broker.topics().create("events", 3);
            EventsPipeline pipeline = new EventsPipeline(quickCommand(broker), directory, broker, "events", 100);
            long sent;
            try (ArrivingEvents events = new ArrivingEvents(broker.bootstrapServers(), "events", 3)) {
                for (int i = 0; i < RANDOM_KILLS; i++) {
                    killAtRandom(pipeline);
                }
                for (RecoveryWindow window : WAYS.keySet().stream().sorted().toList()) {
                    for (int i = 0; seen(window) < AT_LEAST; i++) {
                        assertThat(i)
                                .as("tries to die in %s, seen %s", window, byForce)
                                .isLessThan(2 * AT_LEAST);
                        killAt(pipeline, window, i);
                    }
                }
                sent = events.stop();
            }
            print();
            try (TidemarkRun run = pipeline.startAvailableNow(100_000)) {
                run.awaitExit(0, PATIENCE);
            }
            check(pipeline, sent);
            assertThat(WAYS.keySet()).allMatch(window -> seen(window) >= AT_LEAST);
        }
    }

    /** Starts in a fraction of the time: a first run leaves behind what the JVM learned about the classes. */
    private TidemarkCommand quickCommand(KafkaBrokerProcess broker) throws IOException, InterruptedException {
        TidemarkCommand command = TidemarkCommand.ofThisBuild().inJars(directory.resolve("jars"));
        Path archive = directory.resolve("classes.jsa");
        TidemarkCommand learning = command.withJvmArguments("-XX:ArchiveClassesAtExit=" + archive);
        EventsPipeline first = new EventsPipeline(learning, directory.resolve("first"), broker, "events", 100);
        try (TidemarkRun run = first.startAvailableNow(100)) {
            run.awaitExit(0, PATIENCE);
        }
        return command.withJvmArguments("-XX:SharedArchiveFile=" + archive, "-Xlog:disable");
    }

    /**
     * Two in five die some time after their start or after they claimed the checkpoint, the others after they moved the
     * first batch on: otherwise most would die before they did anything.
     */
    private void killAtRandom(EventsPipeline pipeline) throws IOException, InterruptedException {
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

    private void killAt(EventsPipeline pipeline, RecoveryWindow window, int round)
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

    private void check(EventsPipeline pipeline, long sent) throws IOException {
        DeltaTableOracle table = DeltaTableOracle.read(pipeline.table());
        assertThat(table.countEvents()).isEqualTo(Count.exactlyOnce(sent));
        List<Long> batches = table.transactions().stream()
                .map(DeltaTableOracle.Transaction::batchId)
                .toList();
        assertThat(batches)
                .as("one transaction for each batch")
                .isEqualTo(LongStream.range(0, batches.size()).boxed().toList());
        assertThat(table.transactions())
                .extracting(DeltaTableOracle.Transaction::queryId)
                .containsOnly(table.transactions().get(0).queryId());
        LeftBehind left = pipeline.left();
        assertThat(left.commits()).isEqualTo(left.offsets());
        assertDense(left.offsets());
        assertThat(left.offsets().last()).isEqualTo(batches.size() - 1L);
        System.out.println("kill drill: " + sent + " events in " + batches.size() + " batches, each once");
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
        System.out.println("kill drill: -- " + beforeAnything + " before anything moved on");
        for (RecoveryWindow window : RecoveryWindow.values()) {
            System.out.printf(
                    "kill drill: %s %3d by chance, %2d by force  (%s)%n",
                    window, byChance.getOrDefault(window, 0), byForce.getOrDefault(window, 0), window.meaning());
        }
    }
}
