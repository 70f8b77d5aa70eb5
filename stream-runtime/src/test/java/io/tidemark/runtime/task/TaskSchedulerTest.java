package io.tidemark.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.TimeSource;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.error.TidemarkException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskSchedulerTest {
    private final TaskScheduler scheduler = new TaskScheduler("test", 3, 4, Speculation.OFF, TimeSource.system());

    @AfterEach
    void close() {
        scheduler.close();
    }

    private interface Body<T> {
        T run(int attempt) throws Exception;
    }

    private static <T> Task<T> task(String name, Body<T> body) {
        return new Task<>() {
            @Override
            public String describe() {
                return name;
            }

            @Override
            public T run(TaskAttempt attempt) throws Exception {
                return body.run(attempt.number());
            }
        };
    }

    @Test
    void resultsComeInTheOrderOfTheTasksWhateverEndsFirst() throws Exception {
        CountDownLatch lastDone = new CountDownLatch(1);
        List<Task<Integer>> tasks = new ArrayList<>();
        tasks.add(task("first", a -> {
            lastDone.await();
            return 0;
        }));
        IntStream.range(1, 50)
                .forEach(i -> tasks.add(task("t" + i, a -> {
                    if (i == 49) {
                        lastDone.countDown();
                    }
                    return i;
                })));
        assertThat(scheduler.run(tasks, new Tally()))
                .isEqualTo(IntStream.range(0, 50).boxed().toList());
    }

    @Test
    void aTaskThatFailsIsRunAgainAloneAndItsSiblingsAreNot() throws Exception {
        AtomicInteger siblingRuns = new AtomicInteger();
        List<Task<String>> tasks = List.of(
                task("flaky", attempt -> {
                    if (attempt < 3) {
                        throw new IllegalStateException("attempt " + attempt);
                    }
                    return "healed at " + attempt;
                }),
                task("sibling", attempt -> "run " + siblingRuns.incrementAndGet()));
        assertThat(scheduler.run(tasks, new Tally())).containsExactly("healed at 3", "run 1");
    }

    @Test
    void aTaskThatKeepsFailingEndsTheStageAndIsNamed() {
        AtomicInteger runs = new AtomicInteger();
        assertThatThrownBy(() -> scheduler.run(
                        List.of(task("batch 7, task 0", a -> {
                            runs.incrementAndGet();
                            throw new IllegalStateException("broken pipe");
                        })),
                        new Tally()))
                .isInstanceOfSatisfying(
                        TidemarkException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TASK_FAILED))
                .hasMessageContaining("batch 7, task 0 failed 4 times")
                .hasMessageContaining("broken pipe");
        assertThat(runs).hasValue(4);
    }

    @Test
    void anErrorThatTheSameRowsWouldRaiseAgainIsNotRetried() {
        AtomicInteger runs = new AtomicInteger();
        assertThatThrownBy(() -> scheduler.run(
                        List.of(task("t", a -> {
                            runs.incrementAndGet();
                            throw new EvaluationException("DIVIDE_BY_ZERO", "Division by zero.");
                        })),
                        new Tally()))
                .hasMessageContaining("DIVIDE_BY_ZERO");
        assertThat(runs).hasValue(1);
    }

    @Test
    void whenAStageIsGivenUpNoneOfItsTasksIsLeftRunning() {
        CountDownLatch started = new CountDownLatch(1);
        AtomicInteger inside = new AtomicInteger();
        List<Task<String>> tasks = List.of(
                task("endless", a -> {
                    inside.incrementAndGet();
                    started.countDown();
                    try {
                        new CountDownLatch(1).await();
                        return "never";
                    } finally {
                        inside.decrementAndGet();
                    }
                }),
                task("failing", a -> {
                    started.await();
                    throw new EvaluationException("X", "no");
                }));
        assertThatThrownBy(() -> scheduler.run(tasks, new Tally())).hasMessageContaining("no");
        assertThat(inside).hasValue(0);
    }

    private static final Speculation EAGER = new Speculation(true, Duration.ofMillis(1), 1, 0.5, Duration.ofMillis(1));

    @Test
    void aStragglerIsBegunAgainAndTheFirstToFinishCounts() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        List<Task<String>> tasks = new ArrayList<>();
        tasks.add(task("straggler", attempt -> {
            if (attempt > 0) {
                return "second";
            }
            try {
                new CountDownLatch(1).await();
                return "first";
            } finally {
                interrupted.countDown();
            }
        }));
        IntStream.range(1, 4).forEach(i -> tasks.add(task("t" + i, attempt -> "t" + i)));
        try (TaskScheduler eager = new TaskScheduler("eager", 2, 4, EAGER, TimeSource.system())) {
            Tally tally = new Tally();
            assertThat(eager.run(tasks, tally)).containsExactly("second", "t1", "t2", "t3");
            assertThat(tally.effort().speculated()).isPositive();
            interrupted.await();
        }
    }

    @Test
    void ofTwoAttemptsThatBothGetToTheEndOnlyOneMayMakeAnythingDurable() throws Exception {
        CountDownLatch bothThere = new CountDownLatch(2);
        AtomicInteger claimed = new AtomicInteger();
        Task<Integer> contended = new Task<>() {
            @Override
            public String describe() {
                return "contended";
            }

            @Override
            public Integer run(TaskAttempt attempt) throws Exception {
                bothThere.countDown();
                bothThere.await();
                attempt.claim();
                claimed.incrementAndGet();
                return attempt.number();
            }
        };
        TaskScheduler eager = new TaskScheduler("eager", 2, 4, EAGER, TimeSource.system());
        try (eager) {
            Tally tally = new Tally();
            List<Task<Integer>> tasks = List.of(contended, other());
            assertThat(eager.run(tasks, tally).get(0)).isBetween(0, 1);
        }
        assertThat(claimed).hasValue(1);
    }

    @Test
    void aSecondAttemptThatFailsLeavesTheFirstToFinish() throws Exception {
        CountDownLatch secondFailed = new CountDownLatch(1);
        List<Task<Integer>> tasks = List.of(
                task("straggler", attempt -> {
                    if (attempt == 1) {
                        secondFailed.countDown();
                        throw new IllegalStateException("the second has no luck");
                    } else if (attempt > 1) {
                        new CountDownLatch(1).await();
                    }
                    secondFailed.await();
                    return attempt;
                }),
                other());
        try (TaskScheduler eager = new TaskScheduler("eager", 2, 4, EAGER, TimeSource.system())) {
            assertThat(eager.run(tasks, new Tally())).containsExactly(0, -1);
        }
    }

    private static Task<Integer> other() {
        return task("other", attempt -> -1);
    }

    @Test
    void whoCountsAsAStragglerFollowsSparksRules() {
        Speculation rules = new Speculation(true, Duration.ofMillis(100), 3, 0.9, Duration.ofNanos(50));
        assertThat(rules.thresholdNanos(10, new long[] {1, 2, 3, 4, 5, 6, 7, 8}))
                .isEqualTo(Long.MAX_VALUE);
        assertThat(rules.thresholdNanos(10, new long[] {90, 20, 30, 40, 50, 60, 70, 80, 10}))
                .isEqualTo(150);
        assertThat(rules.thresholdNanos(10, new long[] {1, 1, 1, 1, 1, 1, 1, 1, 1}))
                .isEqualTo(50);
        assertThat(rules.thresholdNanos(1, new long[] {})).isEqualTo(Long.MAX_VALUE);
        assertThat(rules.thresholdNanos(2, new long[] {})).isEqualTo(Long.MAX_VALUE);
        assertThat(Speculation.OFF.thresholdNanos(10, new long[10])).isEqualTo(Long.MAX_VALUE);
    }
}
