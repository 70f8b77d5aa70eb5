package io.tidemark.runtime.operator;

import static io.tidemark.runtime.operator.Plans.aggregate;
import static io.tidemark.runtime.operator.Plans.column;
import static io.tidemark.runtime.operator.Plans.deduplicate;
import static io.tidemark.runtime.operator.Plans.events;
import static io.tidemark.runtime.operator.Plans.session;
import static io.tidemark.runtime.operator.Plans.watched;
import static io.tidemark.runtime.operator.Plans.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.streaming.OutputMode;
import io.tidemark.runtime.plan.BoundPlan;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PhysicalPlannerTest {
    private static PhysicalPlan plan(BoundPlan plan) {
        return PhysicalPlanner.plan(plan, OutputMode.APPEND);
    }

    @Test
    void aPlanWithoutStateIsOneStage() {
        PhysicalPlan plan = plan(new BoundPlan.Union(List.of(events(0), window(events(1), 10, 10)), Plans.EVENTS));
        assertThat(plan.stages()).hasSize(1);
        assertThat(plan.stages().get(0).pipelines()).hasSize(2);
        assertThat(plan.stages().get(0).output()).isNull();
        assertThat(plan.operators()).isEmpty();
    }

    @Test
    void explainNamesOperatorsTheirIdsAndTheirPartitions() {
        BoundPlan distinct = deduplicate(watched(events(0), 60), false, "k", "ts");
        PhysicalPlan plan = plan(aggregate(window(distinct, 10, 10), List.of("window", "k"), "count(*)", "sum(v)"));
        assertThat(plan.describe(OptionalInt.of(8)))
                .isEqualTo(
                        """
                        MicroBatch output struct<window:struct<start:timestamp,end:timestamp>,k:string,count(*):bigint,sum(v):bigint>
                        +- Stage 2
                           +- Pipeline
                              +- StateStoreSave [id = 0, mode = append, keys = [window, k], functions = [count, sum], watermark on window.end]
                              +- Exchange hashpartitioning(window, k, 8) [shuffle 1]
                        +- Stage 1 to shuffle 1
                           +- Pipeline
                              +- PartialAggregate [window, k] [count, sum]
                              +- TimeWindow window [length = 10000000 us, slide = 10000000 us, start = 0 us]
                              +- StreamingDeduplicate [id = 1, keys = [k, ts], watermark on ts]
                              +- Exchange hashpartitioning(k, ts, 8) [shuffle 0]
                        +- Stage 0 to shuffle 0
                           +- Pipeline
                              +- EventTimeWatermark column 0 (watermark operator 0)
                              +- MicroBatchScan memory (sources/0, leaf 0) struct<ts:timestamp,k:string,v:bigint>
                        """);
        assertThat(plan.describe()).contains("Exchange hashpartitioning(window, k) [shuffle 1]");
    }

    @Test
    void operatorsAreNumberedFromTheSinkAndAUnionsFirstInputBeforeItsSecond() {
        BoundPlan left = aggregate(deduplicate(watched(), false, "k"), List.of("ts", "k"), "count(*)");
        BoundPlan right = deduplicate(watched(events(1), 5), true, "k");
        BoundPlan counts = new BoundPlan.Project(
                List.of(
                        new BoundPlan.NamedExpression("ts", column(left, "ts")),
                        new BoundPlan.NamedExpression("k", column(left, "k")),
                        new BoundPlan.NamedExpression("v", column(left, "count(*)"))),
                left);
        BoundPlan union = new BoundPlan.Union(List.of(counts, right), Plans.EVENTS);
        PhysicalPlan plan = plan(aggregate(union, List.of("ts"), "sum(v)"));
        assertThat(plan.operators())
                .extracting(o -> o.id() + " " + o.name() + " " + o.watermarkColumn() + " " + o.watermarkDelayMillis())
                .containsExactly(
                        "0 stateStoreSave ts 0",
                        "1 stateStoreSave ts 0",
                        "2 dedupe ts 0",
                        "3 dedupeWithinWatermark ts 5000");
        assertThat(plan.stages()).extracting(Stage::id).containsExactly(0, 1, 2, 3, 4);
        assertThat(plan.stages().get(3).pipelines())
                .as("both inputs of the union end in the same shuffle")
                .hasSize(2);
    }

    @Test
    void sessionsAreShuffledByTheirKeysWithoutTheSession() {
        PhysicalPlan plan = plan(aggregate(session(watched(), 10), List.of("session_window", "k"), "count(*)"));
        Shuffle shuffle = plan.stages().get(0).output();
        assertThat(shuffle.schema().fieldNames()).containsExactly("session_window", "k", "count");
        assertThat(shuffle.keys()).containsExactly(1);
        StatefulOperator operator = plan.operators().get(0);
        assertThat(operator.stores().get(0).keySchema().fieldNames()).containsExactly("k", "sessionStartTime");
        assertThat(operator.stores().get(0).valueSchema().fieldNames()).containsExactly("session_window", "k", "count");
        assertThat(operator.describe())
                .isEqualTo("SessionWindowStateStoreSave [id = 0, mode = append, keys = [k], functions = [count],"
                        + " watermark on session_window.end]");
    }

    @Test
    void whatHasNoKeysIsASinglePartition() {
        PhysicalPlan plan = PhysicalPlanner.plan(aggregate(events(0), List.of(), "count(*)"), OutputMode.UPDATE);
        assertThat(plan.operators().get(0).isSinglePartition()).isTrue();
        assertThat(plan.stages().get(0).output().single()).isTrue();
        assertThat(plan.describe(OptionalInt.of(8))).contains("Exchange SinglePartition [shuffle 0]");
    }

    @Test
    void onlyAWatermarkThatMovesWantsAnotherBatch() {
        BoundPlan counts = aggregate(window(watched(), 10, 10), List.of("window"), "count(*)");
        for (OutputMode mode : List.of(OutputMode.APPEND, OutputMode.UPDATE)) {
            StatefulOperator operator =
                    PhysicalPlanner.plan(counts, mode).operators().get(0);
            assertThat(operator.wantsAnotherBatch(5, 6)).isTrue();
            assertThat(operator.wantsAnotherBatch(5, 5)).isFalse();
        }
        assertThat(PhysicalPlanner.plan(counts, OutputMode.COMPLETE)
                        .operators()
                        .get(0)
                        .wantsAnotherBatch(5, 6))
                .isFalse();
        assertThat(plan(new BoundPlan.Limit(1, watched())).operators().get(0).wantsAnotherBatch(5, 6))
                .isFalse();
    }
}
