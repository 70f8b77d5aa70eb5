package io.tidemark.runtime.operator;

import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.types.StructType;
import java.util.List;

/**
 * How a batch of a query is computed: stages, each cut off from the next by a shuffle.
 *
 * @param sources the distinct sources, by their K
 * @param leafSources for each occurrence in pre-order the K of its source: the lines of {@code offsets/N}
 * @param stages each after those it reads from; the last one's rows go to the sink
 * @param watermarks the watermark operators, by their index
 * @param operators the stateful operators, by their id
 * @param outputSchema what the sink gets
 */
public record PhysicalPlan(
        List<SourceSlot> sources,
        List<Integer> leafSources,
        List<Stage> stages,
        List<WatermarkOperator> watermarks,
        List<StatefulOperator> operators,
        StructType outputSchema) {
    public PhysicalPlan {
        sources = List.copyOf(sources);
        leafSources = List.copyOf(leafSources);
        stages = List.copyOf(stages);
        watermarks = List.copyOf(watermarks);
        operators = List.copyOf(operators);
    }

    /** Returns the plan as text: each pipeline from its source upwards, with its tasks' order. */
    public String describe() {
        StringBuilder out = new StringBuilder();
        out.append("MicroBatch output ").append(outputSchema.simpleString()).append('\n');
        for (int i = stages.size() - 1; i >= 0; i--) {
            describe(stages.get(i), out);
        }
        return out.toString();
    }

    private void describe(Stage stage, StringBuilder out) {
        out.append("+- Stage ").append(stage.id());
        if (stage.output() != null) {
            out.append(" to shuffle ").append(stage.output().id());
        }
        out.append('\n');
        for (Pipeline pipeline : stage.pipelines()) {
            out.append("   +- Pipeline\n");
            for (int i = pipeline.steps().size() - 1; i >= 0; i--) {
                out.append("      +- ")
                        .append(pipeline.steps().get(i).describe())
                        .append('\n');
            }
            out.append("      +- ").append(describe(pipeline.head())).append('\n');
        }
    }

    private String describe(Pipeline.Head head) {
        if (head instanceof Pipeline.Reduce reduce) {
            return reduce.operator().describe() + " over shuffle "
                    + reduce.input().id();
        }
        Pipeline.Scan scan = (Pipeline.Scan) head;
        SourceSlot slot = sources.get(scan.source());
        return "MicroBatchScan " + slot.relation().format() + " (sources/" + scan.source() + ", leaf " + scan.leaf()
                + ") " + slot.requiredSchema().simpleString();
    }

    /**
     * One distinct source.
     *
     * @param schema all its columns
     * @param requiredSchema what some pipeline reads of them
     */
    public record SourceSlot(LogicalPlan.StreamRead relation, StructType schema, StructType requiredSchema) {}

    /** A declared watermark: the column's name and how many milliseconds rows may be late. */
    public record WatermarkOperator(String column, long delayMillis) {}
}
