package io.tidemark.runtime.operator;

import static io.tidemark.runtime.operator.Plans.aggregate;
import static io.tidemark.runtime.operator.Plans.column;
import static io.tidemark.runtime.operator.Plans.event;
import static io.tidemark.runtime.operator.Plans.events;
import static io.tidemark.runtime.operator.Plans.show;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.streaming.OutputMode;
import io.tidemark.runtime.plan.BoundPlan;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitAndSortTest {
    @Test
    void inAppendModeTheLimitCountsOverAllBatches() {
        OperatorHarness query = new OperatorHarness(new BoundPlan.Limit(4, events(0)), OutputMode.APPEND, 3).cut(2, 2);
        assertThat(show(query.batch(0, event(1, "a", 1), event(2, "b", 2), event(3, "c", 3))))
                .containsExactly("1 a 1", "2 b 2", "3 c 3");
        assertThat(query.state(0)).containsExactly("null -> 3");
        assertThat(query.batch(0)).isEmpty();
        assertThat(query.counted(0).rowsUpdated()).isZero();
        assertThat(show(query.batch(0, event(4, "d", 4), event(5, "e", 5)))).containsExactly("4 d 4");
        assertThat(query.batch(0, event(6, "f", 6))).isEmpty();
        assertThat(query.state(0)).containsExactly("null -> 4");
    }

    @Test
    void aLimitOfNothingLetsNothingPass() {
        OperatorHarness query = new OperatorHarness(new BoundPlan.Limit(0, events(0)), OutputMode.APPEND, 3);
        assertThat(query.batch(0, event(1, "a", 1))).isEmpty();
        assertThat(query.state(0)).isEmpty();
    }

    @Test
    void aLimitBelowAnAggregateCountsOverAllBatchesInCompleteModeToo() {
        BoundPlan plan = aggregate(new BoundPlan.Limit(2, events(0)), List.of("k"), "count(*)");
        OperatorHarness query = new OperatorHarness(plan, OutputMode.COMPLETE, 3);
        assertThat(query.plan.operators())
                .extracting(StatefulOperator::name)
                .containsExactly("stateStoreSave", "globalLimit");
        query.batch(0, event(1, "a", 1));
        assertThat(show(query.batch(0, event(1, "a", 1), event(1, "a", 1)))).containsExactly("a 2");
    }

    @Test
    void inCompleteModeTheResultIsOrderedAndCutAnewInEachBatch() {
        BoundPlan counts = aggregate(events(0), List.of("k"), "count(*)");
        BoundPlan sorted = new BoundPlan.Sort(
                List.of(
                        new BoundPlan.SortKey(column(counts, "count(*)"), false, false),
                        new BoundPlan.SortKey(column(counts, "k"), true, true)),
                counts);
        OperatorHarness query = new OperatorHarness(new BoundPlan.Limit(3, sorted), OutputMode.COMPLETE, 3);
        assertThat(query.plan.operators()).hasSize(1);
        assertThat(show(query.batch(
                        0,
                        event(1, "b", 1),
                        event(1, "a", 1),
                        event(1L, null, 1L),
                        event(1, "c", 1),
                        event(1, "c", 1))))
                .containsExactly("c 2", "null 1", "a 1");
        assertThat(show(query.batch(0, event(1, "b", 1), event(1, "b", 1)))).containsExactly("b 3", "c 2", "null 1");
    }

    @Test
    void inCompleteModeALimitWithoutAnOrderKeepsNothingEither() {
        BoundPlan plan = new BoundPlan.Limit(2, aggregate(events(0), List.of("k"), "count(*)"));
        OperatorHarness query = new OperatorHarness(plan, OutputMode.COMPLETE, 3);
        assertThat(query.plan.operators()).hasSize(1);
        assertThat(query.batch(0, event(1, "a", 1), event(1, "b", 1), event(1, "c", 1)))
                .hasSize(2);
        assertThat(query.batch(0)).hasSize(2);
    }

    @Test
    void equalRowsStayInTheOrderTheyCameInAndNullsGoWhereTheyAreTold() {
        BoundPlan events = events(0);
        BoundPlan sorted = new BoundPlan.Sort(List.of(new BoundPlan.SortKey(column(events, "v"), true, false)), events);
        OperatorHarness query = new OperatorHarness(sorted, OutputMode.COMPLETE, 3).cut(2, 2);
        assertThat(show(query.batch(
                        0,
                        event(1L, "x", null),
                        event(2, "b", 2),
                        event(3, "c", 1),
                        event(4, "d", 2),
                        event(5, "e", 1))))
                .containsExactly("3 c 1", "5 e 1", "2 b 2", "4 d 2", "1 x null");
    }

    @Test
    void aLimitOfAnOrderIsCutWhereTheOrderWasMadeAlsoBehindAProjection() {
        BoundPlan counts = aggregate(events(0), List.of("k"), "count(*)");
        BoundPlan sorted =
                new BoundPlan.Sort(List.of(new BoundPlan.SortKey(column(counts, "count(*)"), false, false)), counts);
        BoundPlan keys =
                new BoundPlan.Project(List.of(new BoundPlan.NamedExpression("k", column(sorted, "k"))), sorted);
        OperatorHarness query = new OperatorHarness(new BoundPlan.Limit(2, keys), OutputMode.COMPLETE, 3);
        assertThat(query.plan.stages()).hasSize(3);
        assertThat(show(query.batch(
                        0,
                        event(1, "a", 1),
                        event(1, "b", 1),
                        event(1, "b", 1),
                        event(1, "c", 1),
                        event(1, "b", 1),
                        event(1, "c", 1))))
                .containsExactly("b", "c");
    }
}
