package io.tidemark.runtime.operator;

import static io.tidemark.runtime.operator.Plans.deduplicate;
import static io.tidemark.runtime.operator.Plans.event;
import static io.tidemark.runtime.operator.Plans.events;
import static io.tidemark.runtime.operator.Plans.show;
import static io.tidemark.runtime.operator.Plans.watched;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.runtime.plan.BoundPlan;
import io.tidemark.state.StateStoreId;
import io.tidemark.state.StateStoreSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeduplicationTest {
    @Test
    void theFirstRowOfAKeyPassesAndNoOtherInThisBatchOrALaterOne() {
        OperatorHarness query = new OperatorHarness(deduplicate(events(0), false, "k"), OutputMode.APPEND, 3).cut(1, 2);
        assertThat(show(query.batch(0, event(1, "a", 1), event(2, "b", 2), event(3, "a", 3), event(4, "a", 4))))
                .containsExactlyInAnyOrder("1 a 1", "2 b 2");
        assertThat(query.counted(0).custom()).containsEntry("numDroppedDuplicateRows", 2L);
        assertThat(show(query.batch(0, event(5, "a", 5), event(6L, null, 6L), event(7L, null, 7L))))
                .containsExactly("6 null 6");
        assertThat(query.state(0)).containsExactly("a -> null", "b -> null", "null -> null");
        assertThat(query.counted(0).rowsUpdated()).isEqualTo(1);
        assertThat(query.counted(0).rowsRemoved()).isZero();
    }

    @Test
    void aKeyIsLookedUpOnceInABatch() {
        VersionedStores stores = new VersionedStores();
        OperatorHarness query =
                new OperatorHarness(deduplicate(events(0), false, "k"), OutputMode.APPEND, 1, stores).cut(3, 1);
        query.batch(0, event(1, "a", 1), event(2, "a", 2), event(3, "a", 3));
        assertThat(stores.reads).isEqualTo(1);
        assertThat(stores.writes).isEqualTo(1);
    }

    @Test
    void aKeyWithItsEventTimeIsForgottenOnceTheWatermarkIsThere() {
        OperatorHarness query = new OperatorHarness(deduplicate(watched(), false, "ts", "k"), OutputMode.APPEND, 3);
        query.batch(0, event(5, "a", 1), event(9, "a", 2));
        assertThat(query.batch(5_000, event(5, "a", 3))).isEmpty();
        assertThat(query.state(0)).containsExactly("9 a -> null");
        assertThat(query.batch(5_000, event(5, "a", 4), event(4, "b", 5))).isEmpty();
        assertThat(query.counted(0).rowsDroppedByWatermark()).isEqualTo(2);
    }

    @Test
    void aKeyWithoutItsEventTimeIsKeptForEver() {
        OperatorHarness query = new OperatorHarness(deduplicate(watched(), false, "k"), OutputMode.APPEND, 3);
        query.batch(0, event(5, "a", 1));
        query.batch(99_000);
        assertThat(query.batch(99_000, event(100, "a", 2))).isEmpty();
        assertThat(query.plan.operators().get(0).wantsAnotherBatch(5, 6)).isTrue();
    }

    @Test
    void withinTheWatermarkAKeyIsKnownUntilItsFirstRowIsAsOldAsTheDelay() {
        OperatorHarness query =
                new OperatorHarness(deduplicate(watched(events(0), 10), true, "k"), OutputMode.APPEND, 3);
        query.batch(0, event(13, "a", 1));
        assertThat(query.batch(0, event(20, "a", 2)))
                .as("a duplicate prolongs nothing")
                .isEmpty();
        assertThat(query.state(0)).containsExactly("a -> 23000000");
        query.batch(22_999);
        assertThat(query.state(0)).hasSize(1);
        query.batch(23_000);
        assertThat(query.state(0)).isEmpty();
        assertThat(show(query.batch(23_000, event(24, "a", 3)))).containsExactly("24 a 3");
    }

    @Test
    void withinTheWatermarkARowWithoutATimeIsAsOldAsTheEpoch() {
        OperatorHarness query =
                new OperatorHarness(deduplicate(watched(events(0), 10), true, "k"), OutputMode.APPEND, 1);
        query.batch(0, event(null, "a", 1L));
        assertThat(query.state(0)).containsExactly("a -> 10000000");
        query.batch(10_000);
        assertThat(query.state(0)).isEmpty();
    }

    @Test
    void bothZeroesAreDifferentKeys() throws Exception {
        StructType schema = StructType.of(new StructField("d", AtomicType.DOUBLE, true));
        Deduplicate operator = new Deduplicate(0, schema, List.of(0), null);
        double[] values = {0.0, -0.0, 0.0, Double.NaN, Double.NaN};
        ColumnBatch input = new ColumnBatch(schema, List.of(new DoubleVector(AtomicType.DOUBLE, 5, values, null)), 5);
        VersionedStores stores = new VersionedStores();
        TaskContext context = new TaskContext(
                0,
                0,
                0,
                OperatorHarness.EVALUATION,
                new TaskStatistics(),
                (op, store) -> {
                    StateStoreSpec spec = op.stores().get(store);
                    return stores.open(spec, new StateStoreId(0, 0), 0);
                },
                OperatorWatermarks.NONE);
        List<Object> passed = new ArrayList<>();
        operator.run(context, List.of(input).iterator(), rows -> rows.rows().forEach(r -> passed.add(r.get(0))));
        assertThat(passed).containsExactly(0.0, -0.0, Double.NaN);
    }

    @Test
    void withinTheWatermarkIsRefusedWithoutOneAndOnWindows() {
        assertThatThrownBy(() -> new OperatorHarness(deduplicate(events(0), true, "k"), OutputMode.APPEND, 1))
                .isInstanceOf(TidemarkException.class)
                .hasMessageContaining("needs a watermark");
        BoundPlan counts = Plans.aggregate(Plans.window(watched(), 10, 10), List.of("window", "k"), "count(*)");
        assertThatThrownBy(() -> new OperatorHarness(deduplicate(counts, true, "k"), OutputMode.APPEND, 1))
                .isInstanceOf(TidemarkException.class)
                .hasMessageContaining("'window' is a window");
    }
}
