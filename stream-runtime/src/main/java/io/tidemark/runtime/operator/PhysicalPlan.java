package io.tidemark.runtime.operator;

import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.types.StructType;
import java.util.List;
import java.util.OptionalInt;

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

    /** Returns the plan as text, from the sink down to the sources, for any number of partitions. */
    public String describe() {
        return describe(OptionalInt.empty());
    }

    /**
     * Returns the plan as text, from the sink down to the sources: each stage with its pipelines in their tasks' order.
     *
     * @param partitions into how many partitions shuffles split rows
     */
    public String describe(OptionalInt partitions) {
        StringBuilder out = new StringBuilder();
        out.append("MicroBatch output ").append(outputSchema.simpleString()).append('\n');
        for (int i = stages.size() - 1; i >= 0; i--) {
            describe(stages.get(i), partitions, out);
        }
        return out.toString();
    }

    private void describe(Stage stage, OptionalInt partitions, StringBuilder out) {
        out.append("+- Stage ").append(stage.id());
        if (stage.output() != null) {
            out.append(" to shuffle ").append(stage.output().id());
        }
        out.append('\n');
        for (Pipeline pipeline : stage.pipelines()) {
            out.append("   +- Pipeline\n");
            for (int i = pipeline.steps().size() - 1; i >= 0; i--) {
                line(pipeline.steps().get(i).describe(), out);
            }
            if (pipeline.head() instanceof Pipeline.Reduce reduce) {
                line(reduce.operator().describe(), out);
                line(reduce.input().describe(partitions), out);
            } else {
                line(describe((Pipeline.Scan) pipeline.head()), out);
            }
        }
    }

    private static void line(String text, StringBuilder out) {
        out.append("      +- ").append(text).append('\n');
    }

    private String describe(Pipeline.Scan scan) {
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
