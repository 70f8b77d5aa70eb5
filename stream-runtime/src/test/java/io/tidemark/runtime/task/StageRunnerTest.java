package io.tidemark.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.runtime.operator.TaskContext;
import io.tidemark.runtime.task.StageWorld.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StageRunnerTest {
    private static final long ON_DISK = 0;
    private static final long IN_MEMORY = 1L << 30;
    private static final Speculation EAGER = new Speculation(true, Duration.ofMillis(1), 1, 0.5, Duration.ofMillis(1));

    @TempDir
    Path temporary;

    private StageWorld world(long memory, int threads, int partitions) {
        return world(memory, threads, partitions, Speculation.OFF);
    }

    private StageWorld world(long memory, int threads, int partitions, Speculation speculation) {
        StageWorld world = new StageWorld(temporary.resolve("spills"), memory, threads, partitions, speculation);
        world.source.draw(new Random(5), 4, 60);
        return world;
    }

    /** What the plan gives when nothing goes wrong: one thread, all in memory. */
    private Ran calm(int partitions) throws InterruptedException {
        try (StageWorld world = world(IN_MEMORY, 1, partitions)) {
            return world.run(0);
        }
    }

    @Test
    void sumsOverSumsComeOutAsPlainLoopsGiveThem() throws Exception {
        try (StageWorld world = world(IN_MEMORY, 2, 5)) {
            TreeMap<Long, Long> sums = new TreeMap<>();
            TreeMap<Long, Long> groups = new TreeMap<>();
            for (long batch = 0; batch < 3; batch++) {
                world.source.draw(new Random(batch), 3, 40);
                TreeMap<Long, Long> changed = new TreeMap<>();
                for (var part : world.source.partitions()) {
                    try (var reader = world.source.reader(part, 0)) {
                        for (var rows = reader.next(); rows != null; rows = reader.next()) {
                            rows.rows().forEach(row -> {
                                long key = (Long) row.get(0);
                                changed.put(key, sums.merge(key, (Long) row.get(1), Long::sum));
                            });
                        }
                    }
                }
                TreeMap<Long, Long> expected = new TreeMap<>();
                changed.forEach((key, sum) -> expected.put(key % 7, groups.merge(key % 7, sum, Long::sum)));
                Ran ran = world.run(batch);
                assertThat(ran.rows())
                        .containsExactlyInAnyOrderElementsOf(expected.entrySet().stream()
                                .map(e -> e.getKey() + ":" + e.getValue())
                                .toList());
                assertThat(ran.states()).hasSize(10);
                world.stores.committed(ran.states());
                assertThat(world.stores.dump(1, batch + 1)).hasLineCount(sums.size());
            }
        }
    }

    @Test
    void aBatchWithoutRowsStillMakesAVersionOfEveryStore() throws Exception {
        try (StageWorld world = world(IN_MEMORY, 2, 3)) {
            world.source.draw(new Random(1), 0, 1);
            Ran ran = world.run(0);
            assertThat(ran.rows()).isEmpty();
            assertThat(ran.states()).hasSize(6).allMatch(state -> state.version() == 1);
        }
    }

    @Test
    void aLostBlockHasTheOneTaskThatMadeItRunAgain() throws Exception {
        for (String fault : List.of("gone", "flipped", "cut")) {
            try (StageWorld world = world(ON_DISK, 2, 3)) {
                world.trouble(once("1 begins", 2, context -> Faults.damage(fault, world.spilled(0, 1))));
                Ran ran = world.run(0);
                assertThat(ran.rows()).as(fault).isEqualTo(calm(3).rows());
                assertThat(world.source.reads()).as(fault).containsExactly(1, 2, 1, 1);
                assertThat(ran.effort().mapTasksRepeated()).isEqualTo(1);
                assertThat(ran.effort().blocksLost()).isEqualTo(1);
                assertThat(ran.effort().failures()).isZero();
                assertThat(world.space.usedBytes()).isZero();
            }
        }
        assertThat(temporary.resolve("spills")).isEmptyDirectory();
    }

    @Test
    void aStatefulTaskWhoseBlocksAreLostRunsAgainFromItsOldVersionAndStagesNothingMore() throws Exception {
        try (StageWorld world = world(ON_DISK, 2, 3)) {
            world.trouble(once("2 begins", 0, context -> Faults.damage("gone", world.spilled(1, 2))));
            Ran ran = world.run(0);
            assertThat(ran.rows()).isEqualTo(calm(3).rows());
            assertThat(ran.effort().mapTasksRepeated()).isEqualTo(1);
            assertThat(world.source.reads()).containsExactly(1, 1, 1, 1);
            assertThat(world.stores.count("open state/1/2 at 0")).isEqualTo(2);
            assertThat(world.stores.count("stage state/1/2")).isEqualTo(1);
            assertThat(world.stores.count("abort state/1/2")).isEqualTo(1);
            assertThat(world.stores.countAll("open ")).isEqualTo(7);
            assertThat(ran.states()).hasSize(6);
        }
    }

    @Test
    void recoveryGoesBackAsFarAsTheNearestBlocksThatAreWhole() throws Exception {
        try (StageWorld world = world(ON_DISK, 2, 3)) {
            world.trouble(once("2 begins", 1, context -> {
                Faults.damage("flipped", world.spilled(0, 3)); // first: another task may notice the other at once
                Faults.damage("gone", world.spilled(1, 0));
            }));
            Ran ran = world.run(0);
            assertThat(ran.rows()).isEqualTo(calm(3).rows());
            assertThat(world.source.reads()).containsExactly(1, 1, 1, 2);
            assertThat(world.stores.countAll("open ")).isEqualTo(7);
            assertThat(ran.effort().mapTasksRepeated()).isEqualTo(2);
        }
    }

    @Test
    void blocksThatAreLostAgainAndAgainEndTheBatchWithAName() {
        try (StageWorld world = world(ON_DISK, 1, 8)) {
            world.trouble((place, context) -> {
                if (place.equals("1 begins")) {
                    Faults.damage("gone", world.spilled(0, 1));
                }
            });
            assertThatThrownBy(() -> world.run(0))
                    .isInstanceOfSatisfying(
                            TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SHUFFLE_BLOCK_LOST))
                    .hasMessageContaining("batch 0, task 1 (rows-1)")
                    .hasMessageContaining("spark.local.dir");
            assertThat(world.space.usedBytes()).isZero();
            assertThat(world.spilled(0, 0)).isEmpty();
        }
    }

    @Test
    void aStatefulTaskThatFailsAfterItChangedItsStateIsRunAgainAloneFromTheOldVersion() throws Exception {
        try (StageWorld world = world(IN_MEMORY, 2, 3)) {
            world.trouble((place, context) -> {
                if (place.equals("1 ends") && context.partition() == 1 && context.attempt() < 3) {
                    throw new IOException("attempt " + context.attempt());
                }
            });
            Ran ran = world.run(0);
            assertThat(ran.rows()).isEqualTo(calm(3).rows());
            assertThat(ran.effort().failures()).isEqualTo(3);
            assertThat(world.source.reads()).containsExactly(1, 1, 1, 1);
            assertThat(world.stores.count("abort state/1/1")).isEqualTo(3);
            assertThat(world.stores.countAll("stage ")).isEqualTo(6);
        }
    }

    @Test
    void aTaskWhoseStateCouldNotBeStagedIsRunAgainAndOnlyItsLastAttemptCounts() throws Exception {
        try (StageWorld world = world(IN_MEMORY, 1, 2)) {
            world.stores.failCommits(2);
            Ran ran = world.run(0);
            assertThat(ran.rows()).isEqualTo(calm(2).rows());
            assertThat(ran.effort().failures()).isEqualTo(2);
            assertThat(ran.states()).hasSize(4);
            assertThat(ran.states().get(0).files().get(0).staged()).contains("-1-0-2/");
        }
    }

    @Test
    void aBatchThatFailsGivesBackItsMemoryAndDisk() {
        for (long memory : List.of(ON_DISK, 2_000L, IN_MEMORY)) {
            try (StageWorld world = world(memory, 2, 3)) {
                world.trouble((place, context) -> {
                    if (place.equals("2 ends")) {
                        throw new IllegalStateException("no luck");
                    }
                });
                assertThatThrownBy(() -> world.run(0)).hasMessageContaining("no luck");
                assertThat(world.space.usedBytes()).isZero();
                assertThat(world.spilled(0, 0)).isEmpty();
                assertThat(world.stores.countAll("stage state/0")).isZero();
            }
        }
    }

    @Test
    void aStragglerIsBegunASecondTimeAndOnlyTheFirstToFinishStagesAnything() throws Exception {
        try (StageWorld world = world(IN_MEMORY, 3, 4, EAGER)) {
            CountDownLatch interrupted = new CountDownLatch(1);
            world.trouble((place, context) -> {
                if (place.equals("2 ends") && context.partition() == 3 && context.attempt() == 0) {
                    try {
                        new CountDownLatch(1).await(); // for ever, unless it is given up
                    } finally {
                        interrupted.countDown();
                    }
                }
            });
            Ran ran = world.run(0);
            interrupted.await();
            assertThat(ran.rows()).isEqualTo(calm(4).rows());
            assertThat(ran.effort().speculated()).isPositive();
            assertThat(world.sink.finished).containsKey("0-3-1").doesNotContainKey("0-3-0");
            assertThat(world.stores.count("stage state/0/3")).isEqualTo(1);
        }
    }

    @Test
    void aStragglerThatDoesNotNoticeItsInterruptionFindsItsTaskTaken() throws Exception {
        StageWorld world = world(ON_DISK, 3, 4, EAGER);
        CountDownLatch stageDone = new CountDownLatch(1);
        try (world) {
            world.trouble((place, context) -> {
                if (place.equals("1 ends") && context.partition() == 2 && context.attempt() == 0) {
                    awaitDeaf(stageDone);
                } else if (place.equals("2 begins")) {
                    stageDone.countDown();
                }
            });
            Ran ran = world.run(0);
            assertThat(ran.rows()).isEqualTo(calm(4).rows());
            assertThat(ran.states()).hasSize(8);
        }
        assertThat(world.stores.count("stage state/1/2")).isEqualTo(1);
        assertThat(world.stores.count("open state/1/2 at 0")).isEqualTo(2);
        assertThat(world.space.usedBytes()).isZero();
        assertThat(temporary.resolve("spills")).isEmptyDirectory();
    }

    @Test
    void observingReadsTheSourcesAndTouchesNothingElse() throws Exception {
        try (StageWorld world = world(IN_MEMORY, 2, 3)) {
            List<TaskResult> results = world.observe(0);
            assertThat(results).hasSize(4).allMatch(r -> r.staged() == null && r.output() == null);
            assertThat(results).allMatch(r -> r.statistics().inputRows() > 0);
            assertThat(world.stores.countAll("")).isZero();
            assertThat(world.sink.finished).isEmpty();
        }
    }

    @Test
    void whatTheTasksDidIsSummedUpByOperator() throws Exception {
        try (StageWorld world = world(IN_MEMORY, 2, 3)) {
            Ran ran = world.run(0);
            List<OperatorReport> reports = world.reports(ran);
            assertThat(reports).extracting(OperatorReport::id).containsExactly(0L, 1L);
            assertThat(reports.get(1).rowsTotal())
                    .isEqualTo(60)
                    .isEqualTo(reports.get(1).rowsUpdated());
            assertThat(reports.get(1).custom()).containsEntry("treeEntries", 60L);
            assertThat(reports.get(1).memoryBytes()).isEqualTo(60 * 16);
            assertThat(reports.get(0).rowsTotal()).isEqualTo(7);
            assertThat(reports.get(0).storeInstances()).isEqualTo(3);
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverFailsAndOnAnyNumberOfThreadsTheRowsAndTheStateAreTheSame(long seed) throws Exception {
        Random random = new Random(seed);
        int partitions = 1 + random.nextInt(5);
        int sourcePartitions = random.nextInt(6);
        int keys = 1 + random.nextInt(200);
        long memory = List.of(ON_DISK, 500L, 5_000L, IN_MEMORY).get(random.nextInt(4));
        int threads = 1 + random.nextInt(4);
        Speculation speculation = random.nextInt(3) == 0 ? EAGER : Speculation.OFF;
        List<String> expected = run(seed, IN_MEMORY, 1, partitions, sourcePartitions, keys, Speculation.OFF, null);
        List<String> got = run(seed, memory, threads, partitions, sourcePartitions, keys, speculation, random);
        assertThat(got).isEqualTo(expected);
        if (Files.exists(temporary.resolve("spills"))) {
            assertThat(temporary.resolve("spills")).isEmptyDirectory();
        }
    }

    private List<String> run(
            long seed,
            long memory,
            int threads,
            int partitions,
            int sourcePartitions,
            int keys,
            Speculation speculation,
            @org.jspecify.annotations.Nullable Random faults)
            throws Exception {
        List<String> history = new ArrayList<>();
        StageWorld world = new StageWorld(temporary.resolve("spills"), memory, threads, partitions, speculation);
        try (world) {
            for (long batch = 0; batch < 3; batch++) {
                world.source.draw(new Random(31 * seed + batch), sourcePartitions, keys);
                if (faults != null) {
                    world.trouble(Faults.drawn(world, faults.nextLong(), partitions, sourcePartitions));
                }
                Ran ran = world.run(batch);
                history.addAll(ran.rows());
                world.stores.committed(ran.states());
                history.add(world.stores.dump(0, batch + 1));
                history.add(world.stores.dump(1, batch + 1));
            }
        }
        assertThat(world.space.usedBytes()).isZero();
        return history;
    }

    private interface Deed {
        void run(TaskContext context) throws Exception;
    }

    private static StageWorld.Trouble once(String place, int partition, Deed deed) {
        ConcurrentHashMap<String, Boolean> had = new ConcurrentHashMap<>();
        return (at, context) -> {
            if (at.equals(place) && context.partition() == partition && had.putIfAbsent(at, true) == null) {
                deed.run(context);
            }
        };
    }

    private static void awaitDeaf(CountDownLatch latch) {
        for (; ; ) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // deaf
            }
        }
    }
}
