package io.tidemark.runtime.analysis;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.Expression;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.SemanticForm;
import io.tidemark.runtime.expression.function.CalendarSpan;
import io.tidemark.runtime.expression.function.SessionGapFunction;
import io.tidemark.runtime.expression.function.TypeCoercion;
import io.tidemark.runtime.expression.function.WindowTimeFunction;
import io.tidemark.runtime.plan.BoundPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the rows below an operator into the {@code window} or {@code session_window} that its expressions call. One
 * operator has one window, as in Spark: several would pair each window of one with each of the other.
 */
final class WindowBinder {
    private static final Set<String> WINDOWS = Set.of("window", "session_window");
    private static final int MOST_ARGUMENTS = 4;

    private final ExpressionBinder binder;
    private final BoundPlan input;

    private WindowBinder(AnalysisContext context, Relation input) {
        this.binder = new ExpressionBinder(context, input);
        this.input = input.plan();
    }

    /**
     * The operator's input with its rows in windows.
     *
     * @param window the column of their window, or null if none was asked for
     */
    record Windowed(Relation relation, @Nullable ColumnRef window) {}

    /** Returns the input as {@code expressions} want it. */
    static Windowed bind(AnalysisContext context, Relation input, Identities identities, List<Expression> expressions) {
        List<Expression.Call> calls = new ArrayList<>();
        expressions.forEach(e -> collect(e, calls));
        if (calls.isEmpty()) {
            return new Windowed(input, null);
        }
        WindowBinder windows = new WindowBinder(context, input);
        BoundPlan first = windows.window(calls.get(0));
        for (Expression.Call call : calls.subList(1, calls.size())) {
            if (!same(first, windows.window(call))) {
                throw new AnalysisException(
                        ErrorCode.STREAMING_UNSUPPORTED,
                        "Several different windows in one SELECT would give each row once for every pair of them, which is"
                                + " not supported. Use one window, or aggregate in a subquery first.",
                        call.origin());
            }
        }
        int place = input.plan().schema().size();
        StructField field = first.schema().field(place);
        Scope scope = input.scope().with(List.of(identities.fresh(field)));
        return new Windowed(
                new Relation(first, scope), new ColumnRef(place, field.name(), field.dataType(), field.nullable()));
    }

    private static void collect(Expression expression, List<Expression.Call> found) {
        if (expression instanceof Expression.Alias alias) {
            collect(alias.input(), found);
        } else if (expression instanceof Expression.FieldAccess access) {
            collect(access.input(), found);
        } else if (expression instanceof Expression.Cast cast) {
            collect(cast.input(), found);
        } else if (expression instanceof Expression.Call call) {
            if (WINDOWS.contains(call.function().toLowerCase(Locale.ROOT))) {
                found.add(call);
                return;
            }
            call.arguments().forEach(argument -> collect(argument, found));
            if (call.filter() != null) {
                collect(call.filter(), found);
            }
        }
    }

    private static boolean same(BoundPlan a, BoundPlan b) {
        if (a instanceof BoundPlan.TimeWindow x && b instanceof BoundPlan.TimeWindow y) {
            return x.windowMicros() == y.windowMicros()
                    && x.slideMicros() == y.slideMicros()
                    && x.startMicros() == y.startMicros()
                    && SemanticForm.same(x.time(), y.time());
        }
        return a instanceof BoundPlan.SessionStart x
                && b instanceof BoundPlan.SessionStart y
                && SemanticForm.same(x.time(), y.time())
                && SemanticForm.same(x.gapMicros(), y.gapMicros());
    }

    private BoundPlan window(Expression.Call call) {
        String name = call.function().toLowerCase(Locale.ROOT);
        int most = name.equals("window") ? MOST_ARGUMENTS : 2;
        int given = call.arguments().size();
        if (given < 2 || given > most) {
            throw new AnalysisException(
                    ErrorCode.WRONG_ARGUMENT_COUNT,
                    "The function '" + name + "' takes 2" + (most > 2 ? " to " + most : "")
                            + " arguments but was given " + given + ".",
                    call.origin());
        }
        BoundExpression time = time(name, call.arguments().get(0));
        if (name.equals("session_window")) {
            return new BoundPlan.SessionStart(time, gap(time, call.arguments().get(1)), name, input);
        }
        long length = positive("length", call.arguments().get(1));
        long slide = given > 2 ? positive("slide", call.arguments().get(2)) : length;
        long start = given > 3 ? duration(call.arguments().get(3)) : 0;
        if (slide > length) {
            throw invalid(
                    "The slide of the window (" + slide + " µs) is longer than its length (" + length
                            + " µs): rows would fall between windows. Use a slide of at most the length.",
                    call.arguments().get(2).origin());
        } else if (Math.abs(start) >= slide) {
            throw invalid(
                    "The absolute value of the start time (" + start
                            + " µs) must be less than the slide of the window (" + slide + " µs).",
                    call.arguments().get(3).origin());
        }
        return new BoundPlan.TimeWindow(time, length, slide, start, name, input);
    }

    /** A window as the time of another one means its {@code window_time}. */
    private BoundExpression time(String function, Expression written) {
        BoundExpression time = binder.bind(written);
        DataType type = time.type();
        if (type == AtomicType.TIMESTAMP || type == AtomicType.TIMESTAMP_NTZ) {
            return time;
        } else if (type instanceof StructType && binder.isWindow(time)) {
            return WindowTimeFunction.of(time, written.origin());
        }
        return TypeCoercion.implicitCast(time, AtomicType.TIMESTAMP, binder.at(written.origin()))
                .orElseThrow(() -> new AnalysisException(
                        ErrorCode.TYPE_MISMATCH,
                        "The time of " + function + " is a " + type.sql()
                                + ", but must be a TIMESTAMP or a window. Convert it with to_timestamp.",
                        written.origin()));
    }

    private long positive(String what, Expression written) {
        long micros = duration(written);
        if (micros <= 0) {
            throw invalid("The " + what + " of a window must be positive, but is " + micros + " µs.", written.origin());
        }
        return micros;
    }

    /** A text with units, or a number of microseconds. */
    private long duration(Expression written) {
        Object value = binder.bind(written) instanceof Constant constant ? constant.value() : null;
        if (value instanceof Long || value instanceof Integer) {
            return ((Number) value).longValue();
        } else if (value instanceof String text) {
            CalendarSpan span = span(text, written.origin());
            if (span.months() != 0) {
                throw invalid(
                        "Windows of months are not supported, since months differ in length: '" + text + "'. Use days.",
                        written.origin());
            }
            return span.fixedMicros();
        }
        throw invalid(
                "The durations of a window must be constant texts like '10 minutes', or numbers of microseconds.",
                written.origin());
    }

    private static CalendarSpan span(String text, Origin origin) {
        return CalendarSpan.parse(text)
                .orElseThrow(() -> invalid(
                        "'" + text + "' is not a duration. Write a number and a unit, for instance '10 minutes'.",
                        origin));
    }

    private BoundExpression gap(BoundExpression time, Expression written) {
        BoundExpression gap = binder.bind(written);
        if (gap.type() != AtomicType.STRING) {
            throw new AnalysisException(
                    ErrorCode.TYPE_MISMATCH,
                    "The gap of a session_window is a " + gap.type().sql()
                            + ", but must be a text like '10 minutes', or a STRING computed for each row.",
                    written.origin());
        } else if (gap instanceof Constant constant && constant.value() instanceof String text) {
            CalendarSpan span = span(text, written.origin());
            if (span.isFixed()) {
                return new Constant(span.micros(), AtomicType.BIGINT);
            }
        }
        return SessionGapFunction.of(time, gap, written.origin());
    }

    private static AnalysisException invalid(String problem, Origin origin) {
        return new AnalysisException(ErrorCode.INVALID_ARGUMENT_VALUE, problem, origin);
    }
}
