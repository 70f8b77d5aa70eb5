package io.tidemark.runtime.operator;

import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.types.StructType;
import java.util.List;

/**
 * How a batch of a query is computed: one map stage of pipelines, whose tasks are numbered pipeline by pipeline and
 * partition by partition.
 *
 * @param sources the distinct sources, by their K
 * @param leafSources for each occurrence in pre-order the K of its source: the lines of {@code offsets/N}
 * @param watermarks the watermark operators, by their index
 * @param outputSchema what the sink gets
 */
public record PhysicalPlan(
        List<SourceSlot> sources,
        List<Integer> leafSources,
        List<Pipeline> pipelines,
        List<WatermarkOperator> watermarks,
        StructType outputSchema) {
    public PhysicalPlan {
        sources = List.copyOf(sources);
        leafSources = List.copyOf(leafSources);
        pipelines = List.copyOf(pipelines);
        watermarks = List.copyOf(watermarks);
    }

    /** Returns the plan as text: each pipeline from its source upwards, with its tasks' order. */
    public String describe() {
        StringBuilder out = new StringBuilder();
        out.append("MicroBatch output ").append(outputSchema.simpleString()).append('\n');
        for (Pipeline pipeline : pipelines) {
            SourceSlot slot = sources.get(pipeline.source());
            out.append("+- Pipeline leaf ").append(pipeline.leaf()).append('\n');
            for (int i = pipeline.steps().size() - 1; i >= 0; i--) {
                out.append("   +- ").append(pipeline.steps().get(i).describe()).append('\n');
            }
            out.append("   +- MicroBatchScan ")
                    .append(slot.relation().format())
                    .append(" (sources/")
                    .append(pipeline.source())
                    .append(") ")
                    .append(slot.requiredSchema().simpleString())
                    .append('\n');
        }
        return out.toString();
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
