package io.tidemark.runtime.operator;

import io.tidemark.api.error.Origin;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
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
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** Count and sum by a string before the shuffle, batches of 8,192 rows: nanoseconds a row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HashAggregateBenchmark {
    private static final int ROWS = 262_144;
    private static final int BATCH = 8_192;
    private static final StructType INPUT =
            StructType.EMPTY.add("page", AtomicType.STRING).add("amount", AtomicType.DOUBLE);

    /** Different keys: pages, or users of which most come once. */
    @Param({"1000", "5000000"})
    public int keys = 1000;

    private final List<ColumnBatch> batches = new ArrayList<>();
    private final PartialAggregateStep step = PartialAggregateStep.of(new BoundPlan.Aggregate(
            List.of(new BoundPlan.NamedExpression("page", column(0))),
            List.of(call("count"), call("sum")),
            -1,
            new BoundPlan.Union(List.of(), INPUT)));

    private static ColumnRef column(int ordinal) {
        return new ColumnRef(
                ordinal, INPUT.field(ordinal).name(), INPUT.field(ordinal).dataType(), true);
    }

    private static BoundPlan.NamedAggregate call(String name) {
        BindContext context = new BindContext(true, ZoneOffset.UTC, Origin.NONE, new FunctionRegistry(List.of()));
        List<BoundExpression> arguments = List.of(column(1));
        return new BoundPlan.NamedAggregate(
                name, AggregateFunctions.registry().find(name).orElseThrow().bind(arguments, null, context));
    }

    @Setup
    public void draw() {
        Random random = new Random(1);
        for (int from = 0; from < ROWS; from += BATCH) {
            VectorBuilder pages = VectorBuilder.of(AtomicType.STRING, BATCH);
            VectorBuilder amounts = VectorBuilder.of(AtomicType.DOUBLE, BATCH);
            for (int i = 0; i < BATCH; i++) {
                pages.append("/products/" + random.nextInt(keys));
                amounts.append(random.nextInt(50_000) / 100.0);
            }
            batches.add(new ColumnBatch(INPUT, List.of(pages.build(), amounts.build()), BATCH));
        }
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public void countAndSum(Blackhole out) throws Exception {
        EvaluationContext context = new EvaluationContext(0, ZoneOffset.UTC, true);
        GatheringStep.Gathering gathering =
                step.open(TaskContext.stateless(context, new TaskStatistics()), out::consume);
        for (ColumnBatch batch : batches) {
            gathering.accept(batch);
        }
        gathering.finish();
    }
}
