package io.tidemark.runtime.operator;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.api.types.StructType;
import io.tidemark.runtime.aggregate.AggregateFunction;
import io.tidemark.runtime.expression.KernelCompiler;
import io.tidemark.runtime.expression.function.RowComparator;
import io.tidemark.runtime.plan.BoundPlan;
import io.tidemark.runtime.plan.EventTimes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands behind a shuffle for each relation that needs one. */
final class OperatorPlans {
    private OperatorPlans() {}

    static StatefulOperator aggregate(BoundPlan.Aggregate aggregate, OutputMode mode, long id) {
        StructType grouping = grouping(aggregate);
        List<EventTimes.Mark> marks = EventTimes.of(aggregate).subList(0, grouping.size());
        EventTimeColumn eventTime = eventTime(grouping, marks);
        List<AggregateFunction> functions = functions(aggregate);
        return aggregate.session() < 0
                ? new StreamingAggregate(id, mode, grouping, aggregate.schema(), functions, eventTime)
                : new SessionAggregate(
                        id,
                        mode,
                        SessionLayout.of(grouping, aggregate.session(), functions),
                        aggregate.schema(),
                        functions,
                        eventTime);
    }

    private static StructType grouping(BoundPlan.Aggregate aggregate) {
        return new StructType(
                aggregate.schema().fields().subList(0, aggregate.grouping().size()));
    }

    private static List<AggregateFunction> functions(BoundPlan.Aggregate aggregate) {
        return aggregate.aggregates().stream().map(a -> a.call().function()).toList();
    }

    static StatefulOperator deduplicate(BoundPlan.Deduplicate deduplicate, long id) {
        StructType schema = deduplicate.schema();
        EventTimeColumn eventTime = eventTime(schema, EventTimes.of(deduplicate.input()));
        if (!deduplicate.withinWatermark()) {
            return new Deduplicate(id, schema, deduplicate.keys(), eventTime);
        } else if (eventTime == null) {
            throw new TidemarkException(
                    ErrorCode.STREAMING_UNSUPPORTED,
                    "dropDuplicatesWithinWatermark needs a watermark on its input: without one no key could ever be"
                            + " forgotten. Call withWatermark before it.");
        } else if (eventTime.isWindow()) {
            throw new TidemarkException(
                    ErrorCode.STREAMING_UNSUPPORTED,
                    "dropDuplicatesWithinWatermark needs a timestamp as event time, but '" + eventTime.name()
                            + "' is a window. Select window_time(" + eventTime.name() + ") in its place.");
        }
        return new DeduplicateWithinWatermark(id, schema, deduplicate.keys(), eventTime);
    }

    /** Returns the first column that carries a watermark; the analyser refuses plans where there are several. */
    private static @Nullable EventTimeColumn eventTime(StructType schema, List<EventTimes.Mark> marks) {
        for (int i = 0; i < marks.size(); i++) {
            if (marks.get(i).isEventTime()) {
                return new EventTimeColumn(schema, i, marks.get(i).delayMillis().orElseThrow());
            }
        }
        return null;
    }

    static SortRows sort(BoundPlan.Sort sort) {
        List<SortRows.Key> keys = sort.keys().stream()
                .map(k -> new SortRows.Key(
                        KernelCompiler.compile(k.value()),
                        RowComparator.of(k.value().type()),
                        k.ascending(),
                        k.nullsFirst(),
                        ExpressionText.of(k.value())))
                .toList();
        return new SortRows(sort.schema(), keys);
    }

    /** Returns whether a plan aggregates, so that in complete mode each batch gives all of its result anew. */
    static boolean hasAggregate(BoundPlan plan) {
        return plan instanceof BoundPlan.Aggregate || plan.inputs().stream().anyMatch(OperatorPlans::hasAggregate);
    }

    /** Returns whether a plan's rows come out of one task, in order. */
    static boolean isOrdered(BoundPlan plan) {
        return plan instanceof BoundPlan.Sort
                || (plan instanceof BoundPlan.Project project && isOrdered(project.input()));
    }
}
