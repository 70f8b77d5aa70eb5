package io.tidemark.runtime.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.api.error.Origin;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.runtime.aggregate.AggregateFunctions;
import io.tidemark.runtime.expression.BindContext;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.expression.FunctionRegistry;
import io.tidemark.runtime.plan.BoundPlan;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartialAggregateStepTest {
    private static final StructType INPUT = StructType.EMPTY
            .add("page", AtomicType.STRING)
            .add("amount", AtomicType.BIGINT)
            .add("big", AtomicType.BOOLEAN);
    private static final EvaluationContext CONTEXT = new EvaluationContext(0, ZoneOffset.UTC, true);

    private static ColumnRef column(int ordinal) {
        return new ColumnRef(
                ordinal, INPUT.field(ordinal).name(), INPUT.field(ordinal).dataType(), true);
    }

    private static BoundPlan.NamedAggregate call(
            String name, @Nullable BoundExpression filter, BoundExpression... arguments) {
        BindContext context = new BindContext(true, ZoneOffset.UTC, Origin.NONE, new FunctionRegistry(List.of()));
        return new BoundPlan.NamedAggregate(
                name, AggregateFunctions.registry().find(name).orElseThrow().bind(List.of(arguments), filter, context));
    }

    /** Groups by page: count(amount), sum(amount) where it is big, first(amount). */
    private static PartialAggregateStep step(List<BoundPlan.NamedExpression> keys) {
        return PartialAggregateStep.of(new BoundPlan.Aggregate(
                keys,
                List.of(
                        call("count", null, column(1)),
                        call("sum", column(2), column(1)),
                        call("first", null, column(1))),
                -1,
                new BoundPlan.Union(List.of(), INPUT)));
    }

    private static final List<BoundPlan.NamedExpression> BY_PAGE =
            List.of(new BoundPlan.NamedExpression("page", column(0)));

    private static ColumnBatch batch(List<List<@Nullable Object>> rows) {
        List<ColumnVector> columns = new ArrayList<>();
        for (int i = 0; i < INPUT.size(); i++) {
            VectorBuilder builder = VectorBuilder.of(INPUT.field(i).dataType(), rows.size());
            for (List<@Nullable Object> row : rows) {
                builder.append(row.get(i));
            }
            columns.add(builder.build());
        }
        return new ColumnBatch(INPUT, columns, rows.size());
    }

    private static List<ColumnBatch> run(PartialAggregateStep step, List<ColumnBatch> batches) throws Exception {
        List<ColumnBatch> out = new ArrayList<>();
        GatheringStep.Gathering gathering = step.open(TaskContext.stateless(CONTEXT, new TaskStatistics()), out::add);
        for (ColumnBatch batch : batches) {
            gathering.accept(batch);
        }
        gathering.finish();
        return out;
    }

    private static List<String> text(List<ColumnBatch> batches) {
        return batches.stream()
                .flatMap(b -> b.rows().stream())
                .map(Object::toString)
                .toList();
    }

    @Test
    void eachGroupComesOutOnceWithItsBuffers() throws Exception {
        PartialAggregateStep step = step(BY_PAGE);
        assertThat(step.describe()).isEqualTo("PartialAggregate [page] [count, sum, first]");
        assertThat(step.schema().toDdl())
                .isEqualTo("page STRING, count BIGINT NOT NULL, sum BIGINT, first BIGINT, valueSet BOOLEAN");
        List<ColumnBatch> out = run(
                step,
                List.of(
                        batch(List.of(
                                Arrays.asList("home", 5L, true),
                                Arrays.asList(null, 1L, false),
                                Arrays.asList("home", null, true))),
                        batch(List.of(
                                        Arrays.asList("cart", 9L, null),
                                        Arrays.asList("home", 2L, true),
                                        Arrays.asList("late", 2L, true)))
                                .select(Selection.all(2))));
        assertThat(text(out)).containsExactly("[home,2,7,5,true]", "[null,1,null,1,true]", "[cart,1,null,9,true]");
    }

    @Test
    void withoutKeysThereIsOneGroupAndOfNoRowsNone() throws Exception {
        List<ColumnBatch> batches =
                List.of(batch(List.of(Arrays.asList("a", 1L, true), Arrays.asList("b", 2L, true))), batch(List.of()));
        assertThat(text(run(step(List.of()), batches))).containsExactly("[2,3,1,true]");
        assertThat(run(step(List.of()), List.of(batch(List.of())))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void groupsThatTakeTooMuchMemoryAreHandedOnInOrder(long seed) throws Exception {
        Random random = new Random(seed);
        List<ColumnBatch> batches = new ArrayList<>();
        Map<String, List<Long>> amounts = new TreeMap<>();
        for (int b = 0; b < 20; b++) {
            List<List<@Nullable Object>> rows = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String page = "page-" + random.nextInt(300);
                long amount = random.nextInt(1000);
                rows.add(Arrays.asList(page, amount, true));
                amounts.computeIfAbsent(page, p -> new ArrayList<>()).add(amount);
            }
            batches.add(batch(rows));
        }
        PartialAggregateStep whole = step(BY_PAGE);
        PartialAggregateStep tight = new PartialAggregateStep(whole.schema(), whole.keys(), whole.calls(), 24_000);
        List<ColumnBatch> out = run(tight, batches);
        assertThat(out).hasSizeBetween(2, 20);
        assertThat(run(whole, batches)).hasSize(1);
        Map<String, Long> counts = new TreeMap<>();
        Map<String, Long> sums = new TreeMap<>();
        Map<String, Long> firsts = new TreeMap<>();
        for (ColumnBatch partial : out) {
            partial.rows().forEach(row -> {
                String page = row.getString(0);
                counts.merge(page, (Long) row.get(1), Long::sum);
                sums.merge(page, (Long) row.get(2), Long::sum);
                firsts.putIfAbsent(page, (Long) row.get(3));
            });
        }
        amounts.forEach((page, list) -> {
            assertThat(counts.get(page)).isEqualTo(list.size());
            assertThat(sums.get(page)).isEqualTo(list.stream().mapToLong(x -> x).sum());
            assertThat(firsts.get(page)).isEqualTo(list.get(0));
        });
        assertThat(counts).hasSameSizeAs(amounts);
    }

    /** Amounts are all different, but for those of the last batch, which come in pairs. */
    @Test
    void rowsThatHaveNoGroupsInCommonArePassedOn() throws Exception {
        int perBatch = 8_192;
        int batchCount = PartialAggregateStep.TRIAL_ROWS / perBatch + 1;
        PartialAggregateStep step = PartialAggregateStep.of(new BoundPlan.Aggregate(
                List.of(new BoundPlan.NamedExpression("amount", column(1))),
                List.of(call("sum", column(2), column(1)), call("count", null, column(1))),
                -1,
                new BoundPlan.Union(List.of(), INPUT)));
        List<ColumnBatch> batches = new ArrayList<>();
        for (int b = 0; b < batchCount; b++) {
            List<List<@Nullable Object>> rows = new ArrayList<>();
            for (int i = 0; i < perBatch; i++) {
                long amount = b < batchCount - 1 ? (long) b * perBatch + i : -1 - i / 2;
                rows.add(Arrays.asList("p", amount, i % 3 > 0));
            }
            batches.add(batch(rows));
        }
        ColumnBatch last = batches.get(batchCount - 1);
        batches.set(batchCount - 1, last.select(Selection.of(new int[] {2, 3, 7, 8_191}, 4)));
        List<ColumnBatch> out = run(step, batches);
        assertThat(out).hasSize(2);
        assertThat(out.get(0).rowCount()).isEqualTo(PartialAggregateStep.TRIAL_ROWS);
        assertThat(text(out.subList(1, 2))).containsExactly("[-2,-2,1]", "[-2,null,1]", "[-4,-4,1]", "[-4096,-4096,1]");
        assertThat(run(step, batches.subList(batchCount - 2, batchCount)).get(0).rowCount())
                .as("a short task is not judged")
                .isEqualTo(perBatch + 3);
    }

    @Test
    void bothZerosAndAllNansAreOneGroup() throws Exception {
        DataType type = AtomicType.DOUBLE;
        StructType schema = StructType.EMPTY.add("d", type);
        double[] values = {-0.0, 0.0, Double.NaN, Double.longBitsToDouble(0x7ff8000000000001L)};
        PartialAggregateStep step = PartialAggregateStep.of(new BoundPlan.Aggregate(
                List.of(new BoundPlan.NamedExpression("d", new ColumnRef(0, "d", type, true))),
                List.of(),
                -1,
                new BoundPlan.Union(List.of(), schema)));
        List<ColumnBatch> out =
                run(step, List.of(new ColumnBatch(schema, List.of(new DoubleVector(type, 4, values, null)), 4)));
        assertThat(text(out)).containsExactly("[0.0]", "[NaN]");
    }
}
