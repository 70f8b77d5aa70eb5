package io.tidemark.runtime.operator;

import static io.tidemark.runtime.operator.Plans.aggregate;
import static io.tidemark.runtime.operator.Plans.event;
import static io.tidemark.runtime.operator.Plans.session;
import static io.tidemark.runtime.operator.Plans.show;
import static io.tidemark.runtime.operator.Plans.watched;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.types.AtomicType;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.plan.BoundPlan;
import io.tidemark.state.KeyEncoding;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionAggregateTest {
    private static OperatorHarness sessions(OutputMode mode) {
        BoundPlan input = session(watched(), 10);
        return new OperatorHarness(aggregate(input, List.of("session_window", "k"), "count(*)", "first(v)"), mode, 3);
    }

    @Test
    void rowsCloserThanTheGapAreOneSessionAndSoAreThoseThatTouch() {
        OperatorHarness query = sessions(OutputMode.COMPLETE).cut(3, 2);
        assertThat(show(query.batch(
                        0,
                        event(21, "a", 4),
                        event(1, "a", 1),
                        event(11, "a", 2),
                        event(32, "a", 5),
                        event(5, "b", 9))))
                .containsExactlyInAnyOrder("1..31 a 3 1", "32..42 a 1 5", "5..15 b 1 9");
        assertThat(query.state(0))
                .containsExactly("a 1 -> 1..31 a 3 1 true", "a 32 -> 32..42 a 1 5 true", "b 5 -> 5..15 b 1 9 true");
        assertThat(query.plan.operators().get(0).stores().get(0).encoding()).isEqualTo(new KeyEncoding.PrefixScan(1));
    }

    @Test
    void aSessionThatGrowsAtItsFrontMovesToItsNewStart() {
        OperatorHarness query = sessions(OutputMode.APPEND);
        query.batch(0, event(20, "a", 1), event(50, "a", 2));
        query.batch(0, event(12, "a", 3));
        assertThat(query.state(0)).containsExactly("a 12 -> 12..30 a 2 3 true", "a 50 -> 50..60 a 1 2 true");
        assertThat(query.counted(0).rowsRemoved()).isEqualTo(1);
        assertThat(query.counted(0).rowsUpdated())
                .as("all sessions of the key are written")
                .isEqualTo(2);
    }

    @Test
    void aRowBetweenTwoSessionsMeltsThem() {
        OperatorHarness query = sessions(OutputMode.APPEND);
        query.batch(0, event(20, "a", 1), event(35, "a", 2), event(35, "b", 3));
        query.batch(0, event(28, "a", 4));
        assertThat(query.state(0)).containsExactly("a 20 -> 20..45 a 3 1 true", "b 35 -> 35..45 b 1 3 true");
    }

    @Test
    void aStoredSessionGoesBeforeANewOneOfTheSameStart() {
        OperatorHarness query = sessions(OutputMode.COMPLETE);
        query.batch(0, event(20, "a", 1));
        assertThat(show(query.batch(0, event(20, "a", 2)))).containsExactly("20..30 a 2 1");
    }

    @Test
    void aSessionComesOutWhenTheWatermarkReachesItsEnd() {
        OperatorHarness query = sessions(OutputMode.APPEND);
        query.batch(0, event(1, "a", 1), event(5, "a", 2), event(9, "b", 3));
        assertThat(query.batch(14_999)).isEmpty();
        assertThat(show(query.batch(15_000))).containsExactly("1..15 a 2 1");
        assertThat(show(query.batch(30_000))).containsExactly("9..19 b 1 3");
        assertThat(query.state(0)).isEmpty();
    }

    @Test
    void lateSessionsAreDroppedInEveryModeAndARowThatCouldHaveExtendedOneIsNot() {
        for (OutputMode mode : List.of(OutputMode.APPEND, OutputMode.COMPLETE)) {
            OperatorHarness query = sessions(mode);
            query.batch(20_000, event(25, "a", 1));
            query.batch(20_000, event(10, "a", 2), event(11, "a", 3));
            assertThat(query.counted(0).rowsDroppedByWatermark()).isEqualTo(1);
            assertThat(query.state(0)).containsExactly("a 11 -> 11..21 a 1 3 true", "a 25 -> 25..35 a 1 1 true");
        }
    }

    @Test
    void aRowMayBringAGapOfItsOwnAndARowWithoutOneIsDropped() {
        BoundPlan events = watched();
        BoundPlan input = new BoundPlan.SessionStart(
                Plans.column(events, "ts"),
                new BoundExpression.ColumnRef(2, "v", AtomicType.BIGINT, true),
                "session_window",
                events);
        OperatorHarness query = new OperatorHarness(
                aggregate(input, List.of("k", "session_window"), "count(*)"), OutputMode.COMPLETE, 1);
        assertThat(show(query.batch(
                        0,
                        event(1, "a", 20_000_000),
                        event(2, "a", 3_000_000),
                        event(4L, "a", null),
                        event(5, "a", 0),
                        event(6, "a", -1),
                        event(null, "a", 1L))))
                .as("the second session lies within the first")
                .containsExactly("a 1..21 2");
    }

    @Test
    void keysThatAreNullHaveSessionsToo() {
        OperatorHarness query = sessions(OutputMode.APPEND);
        query.batch(0, event(1L, null, 1L));
        query.batch(0, event(6L, null, 2L));
        assertThat(query.state(0)).containsExactly("null 1 -> 1..16 null 2 1 true");
    }
}
