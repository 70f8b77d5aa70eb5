package io.tidemark.runtime.analysis;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.Origin;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.Identifiers;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import io.tidemark.runtime.expression.SemanticForm;
import io.tidemark.runtime.expression.function.WindowTimeFunction;
import io.tidemark.runtime.plan.BoundPlan;
import io.tidemark.runtime.plan.BoundPlan.NamedAggregate;
import io.tidemark.runtime.plan.BoundPlan.NamedExpression;
import io.tidemark.runtime.plan.EventTimes;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys of one aggregation, each once, and the way from expressions over its input to expressions over its output. A
 * key that is a column keeps its name, any other is called {@code _groupingexpression}, as in Spark's state.
 */
final class Grouping {
    private static final String COMPUTED = "_groupingexpression";

    private final BoundPlan input;
    private final List<NamedExpression> keys = new ArrayList<>();
    private final List<BoundExpression> forms = new ArrayList<>();

    Grouping(BoundPlan input) {
        this.input = input;
    }

    /** Adds a key, unless there is an equal one. */
    void add(BoundExpression key, String shown, Origin origin) {
        requireComparable(key.type(), shown, origin);
        if (!Expressions.isDeterministic(key)) {
            throw new AnalysisException(
                    ErrorCode.SQL_UNSUPPORTED,
                    "The random value " + Identifiers.quote(shown) + " cannot be a key of GROUP BY."
                            + " Compute it in a subquery.",
                    origin);
        }
        BoundExpression form = SemanticForm.of(key);
        if (!forms.contains(form)) {
            forms.add(form);
            keys.add(new NamedExpression(name(key, shown), key));
        }
    }

    /** Refuses what cannot be part of a key. */
    static void requireComparable(DataType type, String shown, Origin origin) {
        if (containsMap(type)) {
            throw new AnalysisException(
                    ErrorCode.TYPE_MISMATCH,
                    "Cannot group by " + Identifiers.quote(shown) + " of type " + type.sql()
                            + ": maps cannot be compared. Group by some of its values.",
                    origin);
        }
    }

    private static String name(BoundExpression key, String shown) {
        boolean isColumn = key instanceof BoundCall call && WindowTimeFunction.is(call);
        return key instanceof ColumnRef column ? column.name() : isColumn ? shown : COMPUTED;
    }

    private static boolean containsMap(DataType type) {
        if (type instanceof ArrayType array) {
            return containsMap(array.elementType());
        } else if (type instanceof StructType struct) {
            return struct.fields().stream().anyMatch(f -> containsMap(f.dataType()));
        }
        return type instanceof MapType;
    }

    /** Returns whether a column of the input occurs in a key. */
    boolean uses(int column) {
        return forms.stream().anyMatch(form -> occurs(column, form));
    }

    private static boolean occurs(int column, BoundExpression in) {
        return in instanceof ColumnRef ref
                ? ref.ordinal() == column
                : in instanceof BoundCall call && call.arguments().stream().anyMatch(a -> occurs(column, a));
    }

    BoundPlan.Aggregate aggregate(List<NamedAggregate> aggregates) {
        return new BoundPlan.Aggregate(keys, aggregates, session(), input);
    }

    private int session() {
        List<EventTimes.Mark> columns = EventTimes.of(input);
        for (int i = 0; i < keys.size(); i++) {
            if (EventTimes.of(keys.get(i).value(), columns).window() == EventTimes.Window.SESSION) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Returns an expression over keys and aggregates for one over the input, in which aggregates are columns behind it.
     *
     * @throws AnalysisException {@code MISSING_GROUP_BY} if it needs a column that is no key
     */
    BoundExpression onOutput(BoundExpression value, Origin origin) {
        int key = forms.indexOf(SemanticForm.of(value));
        if (key >= 0) {
            return new ColumnRef(key, keys.get(key).name(), value.type(), value.nullable());
        } else if (value instanceof ColumnRef column) {
            int aggregate = column.ordinal() - input.schema().size();
            if (aggregate >= 0) {
                return new ColumnRef(keys.size() + aggregate, column.name(), column.type(), column.nullable());
            }
            throw missing(column.name(), origin);
        } else if (value instanceof BoundCall call) {
            if (WindowTimeFunction.is(call)) {
                throw windowTimeIsNoKey(origin);
            }
            List<BoundExpression> arguments = new ArrayList<>();
            call.arguments().forEach(a -> arguments.add(onOutput(a, origin)));
            return new BoundCall(call.function(), arguments, call.type(), call.nullable(), call.origin());
        }
        return value;
    }

    /** To Spark it is a column of the input, not something made of the key. */
    private static AnalysisException windowTimeIsNoKey(Origin origin) {
        return new AnalysisException(
                ErrorCode.MISSING_GROUP_BY,
                "window_time is used beside GROUP BY, but it is a column of its own there and no key."
                        + " Group by the window in a subquery that returns it, and take its window_time outside.",
                origin);
    }

    private AnalysisException missing(String column, Origin origin) {
        String name = Identifiers.quote(column);
        String cure = keys.isEmpty()
                ? "there is no GROUP BY. Add GROUP BY " + name
                : "it is not in GROUP BY. Add it to GROUP BY";
        return new AnalysisException(
                ErrorCode.MISSING_GROUP_BY,
                "The column " + name + " is used outside of aggregate functions, but " + cure
                        + ", aggregate it, or use any_value(" + column
                        + ") if it does not matter which of a group's values is returned.",
                origin);
    }
}
