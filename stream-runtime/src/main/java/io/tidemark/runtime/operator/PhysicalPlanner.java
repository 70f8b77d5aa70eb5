package io.tidemark.runtime.operator;

import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.runtime.expression.KernelCompiler;
import io.tidemark.runtime.plan.BoundPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Turns an optimised relation into stages. A union falls apart into the pipelines of its inputs; an operator that must see
 * all rows of a key, or all rows at all, begins a stage of its own behind a shuffle; the rest becomes steps.
 *
 * <p>Stateful operators are numbered in pre-order from the sink, as Spark numbers them: 0 is nearest to the sink, and of a
 * union the whole first input comes before the second. Limit and sort over the whole result of complete mode keep no state
 * and have no number.
 */
public final class PhysicalPlanner {
    private final OutputMode mode;
    private final TreeMap<Integer, TreeMap<Integer, BoundPlan.Scan>> leavesBySource = new TreeMap<>();
    private final TreeMap<Integer, Integer> leafSources = new TreeMap<>();
    private final List<PhysicalPlan.WatermarkOperator> watermarks = new ArrayList<>();
    private final TreeMap<Long, StatefulOperator> operators = new TreeMap<>();
    private final List<DraftStage> stages = new ArrayList<>();
    private long nextOperator;

    private PhysicalPlanner(OutputMode mode) {
        this.mode = mode;
    }

    /**
     * Returns the physical plan of {@code plan}.
     *
     * @param mode what its batches hand to the sink
     * @throws io.tidemark.api.error.TidemarkException {@code STREAMING_UNSUPPORTED} for a deduplication within a
     *     watermark that there is none of
     */
    public static PhysicalPlan plan(BoundPlan plan, OutputMode mode) {
        PhysicalPlanner planner = new PhysicalPlanner(mode);
        planner.stages.add(new DraftStage(planner.walk(plan, List.of()), null));
        return planner.finish(plan.schema());
    }

    /** A pipeline whose source may yet get more columns. */
    private record Draft(Object head, List<Step> steps) {}

    private record DraftStage(List<Draft> pipelines, @Nullable Shuffle output) {}

    /**
     * Returns the pipelines of the current stage that compute a plan; the stages before it are added to {@link #stages}.
     *
     * @param above the steps behind the plan
     */
    private List<Draft> walk(BoundPlan plan, List<Step> above) {
        if (plan instanceof BoundPlan.Scan scan) {
            leavesBySource.computeIfAbsent(scan.source(), k -> new TreeMap<>()).put(scan.leaf(), scan);
            leafSources.put(scan.leaf(), scan.source());
            return List.of(new Draft(scan, above));
        } else if (plan instanceof BoundPlan.Project project) {
            return walk(project.input(), with(project(project), above));
        } else if (plan instanceof BoundPlan.Filter filter) {
            Step step =
                    new FilterStep(KernelCompiler.compile(filter.condition()), ExpressionText.of(filter.condition()));
            return walk(filter.input(), with(step, above));
        } else if (plan instanceof BoundPlan.Watermark watermark) {
            int operator = watermarks.size();
            String name = watermark.schema().field(watermark.column()).name();
            watermarks.add(new PhysicalPlan.WatermarkOperator(name, watermark.delayMillis()));
            return walk(watermark.input(), with(new EventTimeStep(operator, watermark.column()), above));
        } else if (plan instanceof BoundPlan.TimeWindow window) {
            Step step = new TimeWindowStep(
                    window.schema(),
                    KernelCompiler.compile(window.time()),
                    window.windowMicros(),
                    window.slideMicros(),
                    window.startMicros());
            return walk(window.input(), with(step, above));
        } else if (plan instanceof BoundPlan.SessionStart session) {
            Step step = new SessionStartStep(
                    session.schema(),
                    KernelCompiler.compile(session.time()),
                    KernelCompiler.compile(session.gapMicros()));
            return walk(session.input(), with(step, above));
        } else if (plan instanceof BoundPlan.Union union) {
            List<Draft> drafts = new ArrayList<>();
            union.inputs().forEach(input -> drafts.addAll(walk(input, above)));
            return drafts;
        } else if (plan instanceof BoundPlan.Aggregate aggregate) {
            return aggregate(aggregate, above);
        } else if (plan instanceof BoundPlan.Deduplicate deduplicate) {
            return deduplicate(deduplicate, above);
        } else if (plan instanceof BoundPlan.Limit limit) {
            return limit(limit, above);
        }
        BoundPlan.Sort sort = (BoundPlan.Sort) plan;
        return behindShuffle(sort.input(), List.of(), sort.schema(), null, OperatorPlans.sort(sort), above);
    }

    private static ProjectStep project(BoundPlan.Project project) {
        return new ProjectStep(
                project.schema(),
                project.expressions().stream()
                        .map(e -> KernelCompiler.compile(e.value()))
                        .toList());
    }

    private List<Draft> aggregate(BoundPlan.Aggregate aggregate, List<Step> above) {
        StatefulOperator operator = add(OperatorPlans.aggregate(aggregate, mode, nextOperator++));
        List<Integer> keys = new ArrayList<>();
        for (int i = 0; i < aggregate.grouping().size(); i++) {
            if (i != aggregate.session()) {
                keys.add(i);
            }
        }
        PartialAggregateStep partial = PartialAggregateStep.of(aggregate);
        return behindShuffle(aggregate.input(), List.of(partial), partial.schema(), keys, operator, above);
    }

    private List<Draft> deduplicate(BoundPlan.Deduplicate deduplicate, List<Step> above) {
        StatefulOperator operator = add(OperatorPlans.deduplicate(deduplicate, nextOperator++));
        return behindShuffle(deduplicate.input(), List.of(), deduplicate.schema(), deduplicate.keys(), operator, above);
    }

    private List<Draft> limit(BoundPlan.Limit limit, List<Step> above) {
        List<Step> local = List.of(new LocalLimitStep(limit.count()));
        if (mode != OutputMode.COMPLETE || !OperatorPlans.hasAggregate(limit.input())) {
            StatefulOperator operator = add(new GlobalLimit(nextOperator++, limit.count()));
            return behindShuffle(limit.input(), local, limit.schema(), null, operator, above);
        } else if (OperatorPlans.isOrdered(limit.input())) {
            return walk(limit.input(), with(local.get(0), above)); // one task sees all rows there
        }
        return behindShuffle(limit.input(), local, limit.schema(), null, new LimitRows(limit.count()), above);
    }

    private StatefulOperator add(StatefulOperator operator) {
        operators.put(operator.id(), operator);
        return operator;
    }

    /**
     * Ends a stage with the input of an operator and begins the current one with the operator.
     *
     * @param below the last steps before the shuffle
     * @param schema of the rows behind them
     * @param keys what to shuffle by; null or none for a single partition
     */
    private List<Draft> behindShuffle(
            BoundPlan input,
            List<Step> below,
            StructType schema,
            @Nullable List<Integer> keys,
            ReduceOperator operator,
            List<Step> above) {
        List<Draft> pipelines = walk(input, below);
        boolean single = keys == null || keys.isEmpty();
        int shuffles = stages.size(); // every stage but the last ends in one
        Shuffle shuffle = new Shuffle(shuffles, schema, keys == null ? List.of() : keys, single);
        stages.add(new DraftStage(pipelines, shuffle));
        return List.of(new Draft(new Pipeline.Reduce(shuffle, operator), above));
    }

    private static List<Step> with(Step first, List<Step> rest) {
        List<Step> steps = new ArrayList<>(rest.size() + 1);
        steps.add(first);
        steps.addAll(rest);
        return steps;
    }

    private PhysicalPlan finish(StructType output) {
        List<PhysicalPlan.SourceSlot> sources = new ArrayList<>();
        leavesBySource.forEach((k, leaves) -> {
            if (k != sources.size()) {
                throw new IllegalStateException("source " + sources.size() + " is missing from the plan");
            }
            BoundPlan.Scan any = leaves.firstEntry().getValue();
            sources.add(new PhysicalPlan.SourceSlot(any.relation(), any.fullSchema(), required(leaves)));
        });
        List<Stage> finished = new ArrayList<>();
        for (DraftStage stage : stages) {
            List<Pipeline> pipelines = stage.pipelines.stream()
                    .map(draft -> pipeline(draft, sources))
                    .toList();
            finished.add(new Stage(finished.size(), pipelines, stage.output));
        }
        return new PhysicalPlan(
                sources,
                new ArrayList<>(leafSources.values()),
                finished,
                watermarks,
                new ArrayList<>(operators.values()),
                output);
    }

    private static Pipeline pipeline(Draft draft, List<PhysicalPlan.SourceSlot> sources) {
        if (!(draft.head instanceof BoundPlan.Scan scan)) {
            return new Pipeline((Pipeline.Head) draft.head, draft.steps);
        }
        StructType read = sources.get(scan.source()).requiredSchema();
        StructType wanted = scan.schema();
        Pipeline.Scan head = new Pipeline.Scan(scan.source(), scan.leaf());
        if (read.equals(wanted)) {
            return new Pipeline(head, draft.steps);
        }
        Step columns = new ColumnsStep(
                wanted,
                wanted.fieldNames().stream()
                        .map(name -> read.indexOf(name).orElseThrow())
                        .toList());
        return new Pipeline(head, with(columns, draft.steps));
    }

    private static StructType required(TreeMap<Integer, BoundPlan.Scan> leaves) {
        TreeSet<String> names = new TreeSet<>();
        leaves.values().forEach(scan -> names.addAll(scan.schema().fieldNames()));
        List<StructField> fields = leaves.firstEntry().getValue().fullSchema().fields().stream()
                .filter(f -> names.contains(f.name()))
                .toList();
        return new StructType(fields);
    }
}
