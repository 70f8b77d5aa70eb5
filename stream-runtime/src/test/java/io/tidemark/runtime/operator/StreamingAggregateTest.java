package io.tidemark.runtime.operator;

import static io.tidemark.runtime.operator.Plans.aggregate;
import static io.tidemark.runtime.operator.Plans.event;
import static io.tidemark.runtime.operator.Plans.show;
import static io.tidemark.runtime.operator.Plans.watched;
import static io.tidemark.runtime.operator.Plans.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidemark.api.Row;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.runtime.plan.BoundPlan;
import io.tidemark.state.StateStore;
import io.tidemark.state.StateStoreId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamingAggregateTest {
    private final VersionedStores stores = new VersionedStores();

    private OperatorHarness windowed(OutputMode mode) {
        BoundPlan input = window(watched(), 10, 10);
        return new OperatorHarness(aggregate(input, List.of("window", "k"), "count(*)", "sum(v)"), mode, 3, stores);
    }

    @Test
    void updateModeHandsOutTheGroupsThatHadRowsEachOnce() {
        OperatorHarness query = windowed(OutputMode.UPDATE);
        assertThat(show(query.batch(0, event(1, "a", 1), event(12, "a", 2), event(3, "a", 4), event(2, "b", 8))))
                .containsExactlyInAnyOrder("0..10 a 2 5", "10..20 a 1 2", "0..10 b 1 8");
        assertThat(show(query.batch(0, event(5, "a", 16)))).containsExactly("0..10 a 3 21");
        assertThat(query.state(0)).containsExactly("0..10 a -> 3 21", "0..10 b -> 1 8", "10..20 a -> 1 2");
    }

    @Test
    void updateModeLetsOldGroupsGoWithoutAWord() {
        OperatorHarness query = windowed(OutputMode.UPDATE);
        query.batch(0, event(1, "a", 1), event(12, "a", 2));
        assertThat(show(query.batch(10_000, event(4, "b", 3)))).containsExactly("0..10 b 1 3");
        assertThat(query.state(0)).containsExactly("10..20 a -> 1 2");
        assertThat(query.counted(0).rowsRemoved()).isEqualTo(2);
        assertThat(query.counted(0).rowsUpdated()).isEqualTo(1);
    }

    @Test
    void appendModeHandsOutAWindowWhenTheWatermarkReachesItsEnd() {
        OperatorHarness query = windowed(OutputMode.APPEND);
        assertThat(query.batch(0, event(1, "a", 1), event(12, "a", 2))).isEmpty();
        assertThat(query.batch(9_999)).isEmpty();
        assertThat(show(query.batch(10_000))).containsExactly("0..10 a 1 1");
        assertThat(query.batch(10_000)).isEmpty();
        assertThat(show(query.batch(99_000))).containsExactly("10..20 a 1 2");
        assertThat(query.state(0)).isEmpty();
    }

    @Test
    void aGroupMayBeWrittenAndLetGoInOneBatch() {
        OperatorHarness query = windowed(OutputMode.APPEND);
        query.batch(0, event(1, "a", 1));
        assertThat(show(query.batch(10_000, event(2, "a", 1), event(3, "b", 1))))
                .as("late are only rows behind the watermark of the batch before")
                .containsExactlyInAnyOrder("0..10 a 2 2", "0..10 b 1 1");
        assertThat(query.counted(0).rowsUpdated()).isEqualTo(2);
        assertThat(query.counted(0).rowsRemoved()).isEqualTo(2);
        assertThat(query.counted(0).rowsDroppedByWatermark()).isZero();
    }

    @Test
    void lateGroupsAreDroppedAndCounted() {
        OperatorHarness query = windowed(OutputMode.APPEND);
        query.batch(10_000, event(15, "a", 1));
        assertThat(query.batch(10_000, event(1, "a", 1), event(2, "a", 1), event(3, "b", 1), event(11, "a", 2)))
                .isEmpty();
        assertThat(query.counted(0).rowsDroppedByWatermark())
                .as("groups count, not rows")
                .isEqualTo(2);
        assertThat(query.state(0)).containsExactly("10..20 a -> 2 3");
    }

    @Test
    void updateModeDropsLateGroupsTooAndHandsOutTheOthersUnderTheirOwnKeys() {
        OperatorHarness query = windowed(OutputMode.UPDATE);
        query.batch(10_000, event(15, "a", 1));
        assertThat(show(query.batch(10_000, event(1, "x", 7), event(11, "a", 2), event(2, "y", 7), event(12, "b", 4))))
                .containsExactlyInAnyOrder("10..20 a 2 3", "10..20 b 1 4");
    }

    @Test
    void completeModeHandsOutEverythingEachTimeAndNothingIsLate() {
        OperatorHarness query = windowed(OutputMode.COMPLETE);
        query.batch(10_000, event(15, "a", 1));
        assertThat(show(query.batch(99_000, event(1, "a", 2))))
                .containsExactlyInAnyOrder("10..20 a 1 1", "0..10 a 1 2");
        assertThat(show(query.batch(99_000))).hasSize(2);
        assertThat(query.counted(0).rowsDroppedByWatermark()).isZero();
    }

    @Test
    void withoutKeysThereIsOneGroupAlsoWithoutRows() {
        for (OutputMode mode : List.of(OutputMode.UPDATE, OutputMode.COMPLETE)) {
            OperatorHarness query = new OperatorHarness(aggregate(watched(), List.of(), "count(*)", "sum(v)"), mode, 3);
            assertThat(show(query.batch(0))).containsExactly("0 null");
            assertThat(query.counted(0).rowsUpdated()).isEqualTo(1);
            assertThat(show(query.batch(0, event(1, "a", 5), event(2, "b", 6)))).containsExactly("2 11");
            assertThat(show(query.batch(9_000))).containsExactly("2 11");
            assertThat(query.state(0)).containsExactly(" -> 2 11");
        }
    }

    @Test
    void nullsAreOneGroupAndATimeThatIsNullNeverGrowsOld() {
        OperatorHarness query =
                new OperatorHarness(aggregate(watched(), List.of("ts", "k"), "count(*)"), OutputMode.UPDATE, 3);
        query.batch(5_000, event(null, null, 1L), event(null, null, 2L), event(7, "a", 1));
        assertThat(show(query.batch(9_000, event(null, null, 1L)))).containsExactly("null null 3");
        assertThat(query.state(0)).containsExactly("null null -> 3");
    }

    @Test
    void aKeyIsReadOnceAndWrittenOnceInABatchHoweverManyTasksHaveIt() {
        OperatorHarness query = windowed(OutputMode.UPDATE).cut(4, 2);
        query.batch(0, event(1, "a", 1), event(2, "a", 1), event(3, "a", 1), event(4, "a", 1), event(5, "b", 1));
        assertThat(stores.reads).isEqualTo(2);
        assertThat(stores.writes).isEqualTo(2);
    }

    @Test
    void whatIsStoredGoesBeforeWhatIsNew() {
        OperatorHarness query =
                new OperatorHarness(aggregate(watched(), List.of("k"), "first(v)", "last(v)"), OutputMode.UPDATE, 1);
        query.batch(0, event(1, "a", 1), event(2, "a", 2));
        assertThat(show(query.batch(0, event(1, "a", 3)))).containsExactly("a 1 3");
    }

    @Test
    void theStoreIsScannedOnlyWhenSomethingMayBeOldEnough() {
        OperatorHarness query = windowed(OutputMode.APPEND);
        query.batch(0, event(1, "a", 1), event(12, "b", 1), event(23, "c", 1));
        long before = stores.scans;
        query.batch(9_000, event(33, "a", 1));
        query.batch(9_999);
        assertThat(stores.scans).isEqualTo(before);
        assertThat(query.batch(10_000)).hasSize(1);
        assertThat(stores.scans).as("one store has the window").isEqualTo(before + 1);
        assertThat(show(query.batch(20_000, event(11, "z", 1))))
                .containsExactlyInAnyOrder("10..20 b 1 1", "10..20 z 1 1");
    }

    @Test
    void afterARestartNothingIsRememberedAndNothingForgotten() {
        OperatorHarness query = windowed(OutputMode.APPEND);
        query.batch(0, event(1, "a", 1), event(12, "b", 1));
        query.restart();
        assertThat(show(query.batch(10_000))).containsExactly("0..10 a 1 1");
        query.restart();
        assertThat(show(query.batch(20_000))).containsExactly("10..20 b 1 1");
    }

    @Test
    void windowsOverWindowsCloseOneAfterTheOther() {
        BoundPlan.Aggregate inner = aggregate(window(watched(), 10, 10), List.of("window", "k"), "count(*)");
        BoundPlan.Project times = new BoundPlan.Project(
                List.of(
                        new BoundPlan.NamedExpression("w", Plans.column(inner, "window")),
                        new BoundPlan.NamedExpression("n", Plans.column(inner, "count(*)"))),
                inner);
        OperatorHarness query =
                new OperatorHarness(aggregate(times, List.of("w"), "count(*)", "sum(n)"), OutputMode.APPEND, 3);
        assertThat(query.plan.operators()).extracting(StatefulOperator::id).containsExactly(0L, 1L);
        query.batch(0, event(1, "a", 1), event(2, "a", 1), event(3, "b", 1), event(12, "a", 1));
        assertThat(query.state(1)).hasSize(3);
        assertThat(query.state(0)).isEmpty();
        assertThat(show(query.batch(10_000)))
                .as("the inner windows are not late for the outer ones, and both close at once")
                .containsExactly("0..10 2 3");
        assertThat(query.state(1)).containsExactly("10..20 a -> 1");
        assertThat(query.state(0)).isEmpty();
    }

    @Test
    void aggregatesOfAUnionSeeBothInputsInOrder() {
        BoundPlan union = new BoundPlan.Union(List.of(Plans.events(0), Plans.events(1)), Plans.EVENTS);
        OperatorHarness query =
                new OperatorHarness(aggregate(union, List.of("k"), "first(v)", "count(*)"), OutputMode.UPDATE, 2);
        assertThat(show(query.batch(
                        0, Map.of(0, List.of(event(1, "a", 1)), 1, List.of(event(1, "a", 2), event(1, "b", 3))))))
                .containsExactlyInAnyOrder("a 1 2", "b 3 1");
    }

    @Test
    void anEntryThatIsNoRowIsNamedAndNeverGuessedAt() {
        for (byte[] key : List.of(new byte[3], new byte[32])) {
            OperatorHarness query = windowed(OutputMode.APPEND);
            query.batch(0, event(1, "a", 1));
            StateStore broken =
                    stores.open(query.plan.operators().get(0).stores().get(0), new StateStoreId(0, 2), 0);
            broken.put(key, new byte[8]);
            stores.finish(broken); // in the place of version 1
            query.restart();
            assertThatThrownBy(() -> query.batch(10_000))
                    .isInstanceOf(TidemarkException.class)
                    .hasMessageContaining("state/0/2 at version 1 holds an entry that is no row of stateStoreSave");
        }
    }

    @Test
    void thousandsOfGroupsAreLetGoWhileTheStoreIsWalked(@TempDir Path directory) {
        BoundPlan plan = aggregate(window(watched(), 10, 10), List.of("window", "k"), "count(*)");
        Row[] rows = new Row[10_000];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = event(i % 20, "key " + i, 1);
        }
        for (TestStores kept : List.of(
                stores,
                ProvidedStores.memory(directory.resolve("m")),
                ProvidedStores.rocksDb(directory.resolve("r")))) {
            try (kept) {
                OperatorHarness query = new OperatorHarness(plan, OutputMode.APPEND, 1, kept);
                query.batch(0, rows);
                assertThat(new TreeSet<>(show(query.batch(10_000))))
                        .hasSize(5_000)
                        .allMatch(r -> r.startsWith("0..10 "));
                assertThat(query.state(0)).hasSize(5_000).allMatch(r -> r.startsWith("10..20 "));
            }
        }
    }
}
