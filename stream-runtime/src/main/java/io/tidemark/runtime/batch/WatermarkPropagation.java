package io.tidemark.runtime.batch;

import io.tidemark.runtime.operator.EventTimeStep;
import io.tidemark.runtime.operator.OperatorWatermarks;
import io.tidemark.runtime.operator.PhysicalPlan;
import io.tidemark.runtime.operator.Pipeline;
import io.tidemark.runtime.operator.Stage;
import io.tidemark.runtime.operator.StatefulOperator;
import io.tidemark.runtime.operator.Step;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How the watermark of a query reaches its stateful operators, by Spark 4's rules: a watermark operator hands on the
 * query's watermark, a stateless step what comes in, a stateful operator what it says of its input; where several inputs
 * meet, the least of those that have a watermark counts. Rows of a batch are late by the watermark of the batch before,
 * state goes by the watermark of the batch itself, so that what an operator hands out late is not late for the next one.
 *
 * <p>With {@code spark.sql.streaming.statefulOperator.allowMultiple=false} every operator takes the query's watermark for
 * both, as Spark did before 3.5.
 */
final class WatermarkPropagation {
    private final PhysicalPlan plan;
    private final boolean perOperator;

    WatermarkPropagation(PhysicalPlan plan, boolean perOperator) {
        this.plan = plan;
        this.perOperator = perOperator;
    }

    /**
     * Returns the watermarks of a batch.
     *
     * @param previousMillis the query's watermark in the batch before; 0 for the first
     * @param millis the query's watermark in the batch
     */
    OperatorWatermarks of(long previousMillis, long millis) {
        return new OperatorWatermarks(inputs(perOperator ? previousMillis : millis), inputs(millis));
    }

    /** Returns whether an operator wants a batch under {@code nextMillis} although there may be no data for it. */
    boolean wantsAnotherBatch(long millis, long nextMillis) {
        SortedMap<Long, Long> now = inputs(millis);
        SortedMap<Long, Long> next = inputs(nextMillis);
        return plan.operators().stream()
                .anyMatch(o -> o.wantsAnotherBatch(now.getOrDefault(o.id(), 0L), next.getOrDefault(o.id(), 0L)));
    }

    /** Returns the watermark of each operator's input, by its id; 0 for one without. */
    private SortedMap<Long, Long> inputs(long millis) {
        TreeMap<Long, Long> inputs = new TreeMap<>();
        plan.operators().forEach(operator -> inputs.put(operator.id(), perOperator ? 0 : millis));
        if (millis > 0 && perOperator) {
            TreeMap<Integer, Long> shuffles = new TreeMap<>();
            for (Stage stage : plan.stages()) {
                for (Pipeline pipeline : stage.pipelines()) {
                    Long out = through(pipeline, millis, shuffles, inputs);
                    if (out != null && stage.output() != null) {
                        shuffles.merge(stage.output().id(), out, Math::min);
                    }
                }
            }
        }
        return Collections.unmodifiableSortedMap(inputs);
    }

    private static @Nullable Long through(
            Pipeline pipeline, long millis, SortedMap<Integer, Long> shuffles, SortedMap<Long, Long> inputs) {
        Long mark = null;
        if (pipeline.head() instanceof Pipeline.Reduce reduce) {
            mark = shuffles.get(reduce.input().id());
            if (mark != null && reduce.operator() instanceof StatefulOperator operator) {
                inputs.put(operator.id(), Math.max(0, mark));
                mark = operator.outputWatermark(mark);
            }
        }
        for (Step step : pipeline.steps()) {
            if (step instanceof EventTimeStep) {
                mark = millis;
            }
        }
        return mark;
    }
}
