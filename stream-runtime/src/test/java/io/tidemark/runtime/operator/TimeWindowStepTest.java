package io.tidemark.runtime.operator;

import static io.tidemark.runtime.operator.Plans.event;
import static io.tidemark.runtime.operator.Plans.events;
import static io.tidemark.runtime.operator.Plans.show;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.Row;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.runtime.plan.BoundPlan;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeWindowStepTest {
    private static List<String> windows(long length, long slide, long start, Row... rows) {
        BoundPlan events = events(0);
        BoundPlan plan = new BoundPlan.TimeWindow(
                Plans.column(events, "ts"), length * 1_000_000, slide * 1_000_000, start * 1_000_000, "w", events);
        return show(new OperatorHarness(plan, OutputMode.APPEND, 1).batch(0, rows));
    }

    @Test
    void aTumblingWindowHoldsItsStartAndNotItsEnd() {
        assertThat(windows(10, 10, 0, event(0, "a", 1), event(9, "a", 1), event(10, "a", 1), event(3, "a", 1)))
                .containsExactly("0 a 1 0..10", "9 a 1 0..10", "10 a 1 10..20", "3 a 1 0..10");
    }

    @Test
    void timesBeforeTheEpochAndOffsetsFallIntoWindowsLikeOthers() {
        assertThat(windows(10, 10, 0, event(-1, "a", 1), event(-10, "a", 1), event(-11, "a", 1)))
                .containsExactly("-1 a 1 -10..0", "-10 a 1 -10..0", "-11 a 1 -20..-10");
        assertThat(windows(10, 10, 3, event(2, "a", 1), event(3, "a", 1)))
                .containsExactly("2 a 1 -7..3", "3 a 1 3..13");
        assertThat(windows(10, 10, -7, event(2, "a", 1), event(3, "a", 1)))
                .containsExactly("2 a 1 -7..3", "3 a 1 3..13");
    }

    @Test
    void aRowIsInEverySlidingWindowThatHoldsItTheNewestFirst() {
        assertThat(windows(10, 5, 0, event(7, "a", 1), event(10, "b", 2)))
                .containsExactly("7 a 1 5..15", "7 a 1 0..10", "10 b 2 10..20", "10 b 2 5..15");
    }

    @Test
    void aSlideThatDoesNotDivideTheLengthLeavesOutWindowsThatDoNotHoldTheRow() {
        assertThat(windows(10, 4, 0, event(9, "a", 1), event(11, "b", 1)))
                .containsExactly("9 a 1 8..18", "9 a 1 4..14", "9 a 1 0..10", "11 b 1 8..18", "11 b 1 4..14");
    }

    @Test
    void aRowWithoutATimeIsInNoWindow() {
        for (long slide : new long[] {10, 5}) {
            assertThat(windows(10, slide, 0, event(null, "a", 1L), event(6, "b", 2), event(null, "c", 3L)))
                    .hasSize((int) (10 / slide))
                    .allMatch(row -> row.startsWith("6 b 2 "));
        }
        assertThat(windows(10, 10, 0, event(null, "a", 1L))).isEmpty();
    }
}
