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

/** Turns an optimised relation into pipelines: unions fall apart into their inputs, the rest becomes steps. */
public final class PhysicalPlanner {
    private final TreeMap<Integer, TreeMap<Integer, BoundPlan.Scan>> leavesBySource = new TreeMap<>();
    private final TreeMap<Integer, Integer> leafSources = new TreeMap<>();
    private final List<PhysicalPlan.WatermarkOperator> watermarks = new ArrayList<>();
    private final List<Draft> drafts = new ArrayList<>();

    private PhysicalPlanner() {}

    /**
     * Returns the physical plan of {@code plan}.
     *
     * @param mode what its batches hand to the sink
     */
    public static PhysicalPlan plan(BoundPlan plan, OutputMode mode) {
        PhysicalPlanner planner = new PhysicalPlanner();
        planner.walk(plan, List.of());
        return planner.finish(plan.schema());
    }

    private record Draft(BoundPlan.Scan scan, List<Step> steps) {}

    private void walk(BoundPlan plan, List<Step> above) {
        if (plan instanceof BoundPlan.Scan scan) {
            leavesBySource.computeIfAbsent(scan.source(), k -> new TreeMap<>()).put(scan.leaf(), scan);
            leafSources.put(scan.leaf(), scan.source());
            drafts.add(new Draft(scan, above));
        } else if (plan instanceof BoundPlan.Project project) {
            walk(
                    project.input(),
                    with(
                            new ProjectStep(
                                    project.schema(),
                                    project.expressions().stream()
                                            .map(e -> KernelCompiler.compile(e.value()))
                                            .toList()),
                            above));
        } else if (plan instanceof BoundPlan.Filter filter) {
            walk(
                    filter.input(),
                    with(
                            new FilterStep(
                                    KernelCompiler.compile(filter.condition()), ExpressionText.of(filter.condition())),
                            above));
        } else if (plan instanceof BoundPlan.Watermark watermark) {
            int operator = watermarks.size();
            String name = watermark.schema().field(watermark.column()).name();
            watermarks.add(new PhysicalPlan.WatermarkOperator(name, watermark.delayMillis()));
            walk(watermark.input(), with(new EventTimeStep(operator, watermark.column()), above));
        } else if (plan instanceof BoundPlan.Union union) {
            for (BoundPlan input : union.inputs()) {
                walk(input, above);
            }
        }
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
        List<Pipeline> pipelines = new ArrayList<>();
        for (Draft draft : drafts) {
            StructType read = sources.get(draft.scan.source()).requiredSchema();
            StructType wanted = draft.scan.schema();
            List<Step> steps = new ArrayList<>();
            if (!read.equals(wanted)) {
                steps.add(new ColumnsStep(
                        wanted,
                        wanted.fieldNames().stream()
                                .map(name -> read.indexOf(name).orElseThrow())
                                .toList()));
            }
            steps.addAll(draft.steps);
            pipelines.add(new Pipeline(new Pipeline.Scan(draft.scan.source(), draft.scan.leaf()), steps));
        }
        return new PhysicalPlan(
                sources,
                new ArrayList<>(leafSources.values()),
                List.of(new Stage(0, pipelines, null)),
                watermarks,
                List.of(),
                output);
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
