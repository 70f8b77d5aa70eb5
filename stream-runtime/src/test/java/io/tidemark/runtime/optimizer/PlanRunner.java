package io.tidemark.runtime.optimizer;

import io.tidemark.api.Row;
import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ColumnBatch;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.runtime.expression.EvaluationContext;
import io.tidemark.runtime.operator.PhysicalPlan;
import io.tidemark.runtime.operator.PhysicalPlanner;
import io.tidemark.runtime.operator.Pipeline;
import io.tidemark.runtime.operator.TaskContext;
import io.tidemark.runtime.operator.TaskStatistics;
import io.tidemark.runtime.plan.BoundPlan;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Runs plans over rows in memory. */
final class PlanRunner {
    static final EvaluationContext BATCH = new EvaluationContext(1_767_225_600_000L, ZoneId.of("Europe/Berlin"), true);

    private final TreeMap<Long, List<Row>> rows = new TreeMap<>();

    void put(LogicalPlan stream, List<Row> content) {
        rows.put(((LogicalPlan.StreamRead) stream).relationId(), content);
    }

    /** Returns the rows as lists of values, in order. */
    List<List<Object>> run(BoundPlan plan) {
        PhysicalPlan physical = PhysicalPlanner.plan(plan, OutputMode.APPEND);
        List<List<Object>> result = new ArrayList<>();
        for (Pipeline pipeline : physical.stages().get(0).pipelines()) {
            PhysicalPlan.SourceSlot slot = physical.sources().get(((Pipeline.Scan) pipeline.head()).source());
            ColumnBatch input = batch(rows.get(slot.relation().relationId()), slot.requiredSchema());
            for (Row row : run(pipeline, input)) {
                List<Object> values = new ArrayList<>();
                for (int i = 0; i < row.size(); i++) {
                    values.add(row.get(i));
                }
                result.add(values);
            }
        }
        return result;
    }

    private static List<Row> run(Pipeline pipeline, ColumnBatch input) {
        List<Row> out = new ArrayList<>();
        Pipeline.Run run =
                pipeline.open(TaskContext.stateless(BATCH, new TaskStatistics()), rows -> out.addAll(rows.rows()));
        try {
            run.accept(input);
            run.finish();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return out;
    }

    private static ColumnBatch batch(List<Row> content, StructType schema) {
        List<ColumnVector> columns = new ArrayList<>();
        for (StructField field : schema.fields()) {
            VectorBuilder builder = VectorBuilder.of(field.dataType(), content.size());
            content.forEach(row -> builder.append(row.<Object>getAs(field.name())));
            columns.add(builder.build());
        }
        return new ColumnBatch(schema, columns, content.size());
    }
}
