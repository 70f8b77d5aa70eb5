package io.tidemark.runtime.analysis;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.streaming.OutputMode;
import io.tidemark.runtime.plan.BoundPlan;
import io.tidemark.runtime.plan.EventTimes;
import java.util.ArrayList;
import java.util.List;

/**
 * Refuses what cannot be run batch by batch in an output mode: the same plans as Spark refuses when a query starts.
 *
 * <p>A query in append mode hands out a group once it is final, so a watermark must say when that is; in update mode
 * rows change after they were handed out, so nothing may build on them; in complete mode all rows are handed out anew,
 * so there must be a state that has them all.
 */
public final class OutputModeCheck {
    private final OutputMode mode;
    private final String name;
    private final List<BoundPlan> operators = new ArrayList<>();

    private OutputModeCheck(BoundPlan plan, OutputMode mode) {
        this.mode = mode;
        this.name = mode.displayName();
        collect(plan, operators);
    }

    /**
     * Checks a plan as it was analysed.
     *
     * @throws AnalysisException {@code STREAMING_UNSUPPORTED}, with what to change
     */
    public static void check(BoundPlan plan, OutputMode mode) {
        OutputModeCheck check = new OutputModeCheck(plan, mode);
        check.aggregations();
        check.operators.forEach(check::operator);
        check.chains();
    }

    /**
     * Checks a plan as it will be run, columns that nobody reads left out.
     *
     * @throws AnalysisException {@code STREAMING_UNSUPPORTED} if an operator would have two event times to go by
     */
    public static void checkEventTimes(BoundPlan plan) {
        List<BoundPlan> operators = new ArrayList<>();
        collect(plan, operators);
        for (BoundPlan operator : operators) {
            List<EventTimes.Mark> marks = EventTimes.of(operator);
            List<String> times = new ArrayList<>();
            int columns = operator instanceof BoundPlan.Aggregate aggregate
                    ? aggregate.grouping().size()
                    : operator instanceof BoundPlan.Deduplicate ? marks.size() : 0;
            for (int i = 0; i < columns; i++) {
                if (marks.get(i).isEventTime()) {
                    times.add(operator.schema().field(i).name());
                }
            }
            if (times.size() > 1) {
                throw refused("Several columns carry the watermark where rows are kept by it: "
                        + String.join(", ", times) + ". Keep one of them, the time or the window of it.");
            }
        }
    }

    /** The operator, then those below it. */
    private static void collect(BoundPlan plan, List<BoundPlan> operators) {
        operators.add(plan);
        plan.inputs().forEach(input -> collect(input, operators));
    }

    private static List<BoundPlan> below(BoundPlan plan) {
        List<BoundPlan> all = new ArrayList<>();
        plan.inputs().forEach(input -> collect(input, all));
        return all;
    }

    private void aggregations() {
        List<BoundPlan.Aggregate> aggregates = operators.stream()
                .filter(BoundPlan.Aggregate.class::isInstance)
                .map(BoundPlan.Aggregate.class::cast)
                .toList();
        if (mode == OutputMode.COMPLETE && aggregates.isEmpty()) {
            throw refused(
                    name + " output mode is not supported when there are no streaming aggregations in the query: each"
                            + " batch would replace all rows before it. Use append.");
        }
        for (BoundPlan.Aggregate aggregate : aggregates) {
            boolean session = aggregate.session() >= 0;
            if (mode == OutputMode.APPEND && !hasEventTime(aggregate)) {
                throw refused(
                        name + " output mode is not supported for an aggregation without a watermark on a key of its"
                                + " GROUP BY: no group would ever be final. Declare a watermark on the time and group by it or"
                                + " by a window of it, or use update or complete.");
            } else if (mode == OutputMode.UPDATE && session) {
                throw refused(name + " output mode is not supported for session windows: a session that grows replaces"
                        + " one that was handed out. Use append.");
            } else if (session && aggregate.grouping().size() == 1) {
                throw refused("An aggregation of all rows by session_window alone is not supported on streams."
                        + " Group by another column too.");
            }
        }
    }

    private static boolean hasEventTime(BoundPlan.Aggregate aggregate) {
        List<EventTimes.Mark> marks = EventTimes.of(aggregate);
        return marks.subList(0, aggregate.grouping().size()).stream().anyMatch(EventTimes.Mark::isEventTime);
    }

    private void operator(BoundPlan operator) {
        if (operator instanceof BoundPlan.Sort && !isComplete(operator)) {
            throw refused(
                    "ORDER BY is not supported on streams, unless it orders an aggregation in complete output mode."
                            + " Remove it, or order where the result is read.");
        } else if (operator instanceof BoundPlan.Limit && mode == OutputMode.UPDATE) {
            throw refused("LIMIT is not supported in update output mode. Use append or complete, or remove it.");
        } else if (operator instanceof BoundPlan.Deduplicate deduplicate
                && deduplicate.withinWatermark()
                && EventTimes.column(deduplicate).isEmpty()) {
            throw refused(
                    "dropDuplicatesWithinWatermark is not supported without a watermark: nothing would say how long"
                            + " a key is remembered. Call withWatermark before it.");
        } else if (operator instanceof BoundPlan.Watermark
                && below(operator).stream().anyMatch(BoundPlan.Watermark.class::isInstance)) {
            throw refused(
                    "A watermark cannot be declared again over rows that already have one. Remove one of the two.");
        }
    }

    private boolean isComplete(BoundPlan plan) {
        return mode == OutputMode.COMPLETE && below(plan).stream().anyMatch(BoundPlan.Aggregate.class::isInstance);
    }

    /** Rows that an aggregation hands out before they are final must not go into state again. */
    private void chains() {
        if (mode == OutputMode.APPEND) {
            return;
        }
        for (BoundPlan operator : operators) {
            if (remembers(operator) && below(operator).stream().anyMatch(BoundPlan.Aggregate.class::isInstance)) {
                throw refused(name
                        + " output mode is not supported here: the rows of an aggregation change after they were handed out, so no other aggregation or deduplication can"
                        + " follow it. Use append, or split the query in two.");
            }
        }
    }

    /** A deduplication without event time among its keys does not count, as in Spark. */
    private static boolean remembers(BoundPlan operator) {
        if (operator instanceof BoundPlan.Deduplicate deduplicate) {
            List<EventTimes.Mark> marks = EventTimes.of(deduplicate);
            return deduplicate.withinWatermark()
                    || deduplicate.keys().stream()
                            .anyMatch(key -> marks.get(key).isEventTime());
        }
        return operator instanceof BoundPlan.Aggregate;
    }

    private static AnalysisException refused(String message) {
        return new AnalysisException(ErrorCode.STREAMING_UNSUPPORTED, message);
    }
}
