package io.tidemark.runtime.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.types.StructType;
import io.tidemark.runtime.operator.EventTimeStep;
import io.tidemark.runtime.operator.OperatorWatermarks;
import io.tidemark.runtime.operator.PhysicalPlan;
import io.tidemark.runtime.operator.Pipeline;
import io.tidemark.runtime.operator.Shuffle;
import io.tidemark.runtime.operator.Stage;
import io.tidemark.runtime.operator.StatefulOperator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WatermarkPropagationTest {
    private static final Shuffle LOWER = new Shuffle(0, FakeOperator.KEY, List.of(0), false);
    private static final Shuffle UPPER = new Shuffle(1, FakeOperator.KEY, List.of(0), false);
    private final FakeOperator upper = FakeOperator.holdingBack(0, 0);
    private final FakeOperator lower = FakeOperator.holdingBack(1, 5_000);

    private static Pipeline watermarked(int source) {
        return new Pipeline(new Pipeline.Scan(source, source), List.of(new EventTimeStep(source, 0)));
    }

    private static Pipeline plain(int source) {
        return new Pipeline(new Pipeline.Scan(source, source), List.of());
    }

    private static PhysicalPlan plan(List<StatefulOperator> operators, Stage... stages) {
        return new PhysicalPlan(List.of(), List.of(), List.of(stages), List.of(), operators, StructType.EMPTY);
    }

    private PhysicalPlan chain(Pipeline... heads) {
        return plan(
                List.of(upper, lower),
                new Stage(0, List.of(heads), LOWER),
                new Stage(1, List.of(new Pipeline(new Pipeline.Reduce(LOWER, lower), List.of())), UPPER),
                new Stage(2, List.of(new Pipeline(new Pipeline.Reduce(UPPER, upper), List.of())), null));
    }

    @Test
    void rowsAreLateByTheBatchBeforeAndStateGoesByTheBatchItself() {
        OperatorWatermarks marks = new WatermarkPropagation(chain(watermarked(0)), true).of(20_000, 30_000);
        assertThat(marks.late()).isEqualTo(Map.of(0L, 15_000L, 1L, 20_000L));
        assertThat(marks.eviction()).isEqualTo(Map.of(0L, 25_000L, 1L, 30_000L));
    }

    @Test
    void beforeAnyWatermarkAllStandAtZero() {
        OperatorWatermarks marks = new WatermarkPropagation(chain(watermarked(0)), true).of(0, 0);
        assertThat(marks.eviction()).isEqualTo(Map.of(0L, 0L, 1L, 0L));
    }

    @Test
    void whatAnOperatorHandsOnNeverFallsBelowZero() {
        OperatorWatermarks marks = new WatermarkPropagation(chain(watermarked(0)), true).of(0, 3_000);
        assertThat(marks.eviction()).isEqualTo(Map.of(0L, 0L, 1L, 3_000L));
    }

    @Test
    void anInputWithoutWatermarkDoesNotHoldTheOthersBack() {
        OperatorWatermarks marks = new WatermarkPropagation(chain(plain(0), watermarked(1)), true).of(20_000, 30_000);
        assertThat(marks.evictionMillis(1)).isEqualTo(30_000);
    }

    @Test
    void withoutAnyDeclaredBelowItAnOperatorHasNoWatermark() {
        OperatorWatermarks marks = new WatermarkPropagation(chain(plain(0)), true).of(20_000, 30_000);
        assertThat(marks.eviction()).isEqualTo(Map.of(0L, 0L, 1L, 0L));
    }

    @Test
    void whereTwoInputsMeetTheLeastCounts() {
        FakeOperator left = FakeOperator.holdingBack(1, 5_000);
        PhysicalPlan union = plan(
                List.of(upper, left),
                new Stage(0, List.of(watermarked(0)), LOWER),
                new Stage(1, List.of(new Pipeline(new Pipeline.Reduce(LOWER, left), List.of()), watermarked(1)), UPPER),
                new Stage(2, List.of(new Pipeline(new Pipeline.Reduce(UPPER, upper), List.of())), null));
        assertThat(new WatermarkPropagation(union, true).of(0, 30_000).evictionMillis(0))
                .isEqualTo(25_000);
    }

    @Test
    void withOneWatermarkForAllItCountsForLateRowsToo() {
        OperatorWatermarks marks = new WatermarkPropagation(chain(watermarked(0)), false).of(20_000, 30_000);
        assertThat(marks.late()).isEqualTo(Map.of(0L, 30_000L, 1L, 30_000L));
        assertThat(marks.eviction()).isEqualTo(marks.late());
    }

    @Test
    void anotherBatchIsWantedOnlyWhenSomeOperatorsOwnWatermarkMoves() {
        WatermarkPropagation propagation = new WatermarkPropagation(chain(watermarked(0)), true);
        assertThat(propagation.wantsAnotherBatch(30_000, 30_000)).isFalse();
        assertThat(propagation.wantsAnotherBatch(30_000, 30_001)).isTrue();
        assertThat(new WatermarkPropagation(chain(plain(0)), true).wantsAnotherBatch(30_000, 40_000))
                .isFalse();
    }
}
