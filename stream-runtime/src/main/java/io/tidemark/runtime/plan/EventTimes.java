package io.tidemark.runtime.plan;

import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import io.tidemark.runtime.expression.function.WindowTimeFunction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * Which columns of a plan are event time, as Spark tracks it in the metadata of attributes: a watermark marks its column
 * and unmarks all others; a column that is passed on or renamed stays marked, one that is computed does not; a window is
 * event time if its time was, and so is the {@code window_time} of one. A union has the marks of its first input.
 */
public final class EventTimes {
    private EventTimes() {}

    /** What a window column is made of. */
    public enum Window {
        /** It is no window. */
        NONE,
        /** {@code window}. */
        TIME,
        /** {@code session_window}. */
        SESSION
    }

    /**
     * What is known of a column.
     *
     * @param delayMillis of the watermark that watches it; empty for a column that is no event time
     */
    public record Mark(OptionalLong delayMillis, Window window) {
        /** Of any other column. */
        public static final Mark NONE = new Mark(OptionalLong.empty(), Window.NONE);

        public boolean isEventTime() {
            return delayMillis.isPresent();
        }

        private Mark as(Window kind) {
            return new Mark(delayMillis, kind);
        }
    }

    /** Returns the marks of the columns of {@code plan}, in their order. */
    public static List<Mark> of(BoundPlan plan) {
        if (plan instanceof BoundPlan.Scan scan) {
            return Collections.nCopies(scan.schema().size(), Mark.NONE);
        } else if (plan instanceof BoundPlan.Project project) {
            return passedOn(project.expressions(), of(project.input()));
        } else if (plan instanceof BoundPlan.Watermark watermark) {
            return watched(watermark);
        } else if (plan instanceof BoundPlan.TimeWindow window) {
            return appended(window.input(), window.time(), Window.TIME);
        } else if (plan instanceof BoundPlan.SessionStart session) {
            return appended(session.input(), session.time(), Window.SESSION);
        } else if (plan instanceof BoundPlan.Aggregate aggregate) {
            List<Mark> marks = new ArrayList<>(passedOn(aggregate.grouping(), of(aggregate.input())));
            aggregate.aggregates().forEach(a -> marks.add(Mark.NONE));
            return marks;
        }
        return of(plan.inputs().get(0)); // the others change no columns
    }

    /** Returns the first column of {@code plan} that is event time. */
    public static OptionalInt column(BoundPlan plan) {
        List<Mark> marks = of(plan);
        return IntStream.range(0, marks.size())
                .filter(i -> marks.get(i).isEventTime())
                .findFirst();
    }

    /** Returns the mark of a value over columns with these marks. */
    public static Mark of(BoundExpression value, List<Mark> columns) {
        if (value instanceof ColumnRef column) {
            return columns.get(column.ordinal());
        } else if (value instanceof BoundCall call && WindowTimeFunction.is(call)) {
            return of(call.arguments().get(0), columns).as(Window.NONE);
        }
        return Mark.NONE;
    }

    private static List<Mark> passedOn(List<BoundPlan.NamedExpression> expressions, List<Mark> columns) {
        return expressions.stream().map(e -> of(e.value(), columns)).toList();
    }

    private static List<Mark> watched(BoundPlan.Watermark watermark) {
        List<Mark> marks = new ArrayList<>();
        List<Mark> before = of(watermark.input());
        for (int i = 0; i < before.size(); i++) {
            OptionalLong delay =
                    i == watermark.column() ? OptionalLong.of(watermark.delayMillis()) : OptionalLong.empty();
            marks.add(new Mark(delay, before.get(i).window()));
        }
        return marks;
    }

    private static List<Mark> appended(BoundPlan input, BoundExpression time, Window kind) {
        List<Mark> marks = new ArrayList<>(of(input));
        marks.add(of(time, marks).as(kind));
        return marks;
    }
}
