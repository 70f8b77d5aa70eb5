package io.tidemark.api;

import static java.util.Objects.requireNonNull;

import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.Expression;
import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression under construction, with the methods of Spark's {@code Column}. Immutable. */
public final class Column {
    private final Expression expression;

    public Column(Expression expression) {
        this.expression = requireNonNull(expression, "expression");
    }

    /** Returns what this column computes. */
    public Expression expression() {
        return expression;
    }

    static Column call(String function, Object... arguments) {
        List<Expression> args = new ArrayList<>(arguments.length);
        for (Object argument : arguments) {
            args.add(functions.lit(argument).expression);
        }
        return new Column(new Expression.Call(function, args, Origin.NONE));
    }

    public Column as(String name) {
        return new Column(new Expression.Alias(expression, name, Origin.NONE));
    }

    public Column alias(String name) {
        return as(name);
    }

    public Column name(String name) {
        return as(name);
    }

    public Column cast(DataType type) {
        return new Column(new Expression.Cast(expression, type, Expression.CastMode.CAST, Origin.NONE));
    }

    /** Casts to a type written in SQL, for instance {@code "decimal(10,2)"}. */
    public Column cast(String type) {
        return cast(Engines.any().parseType(type));
    }

    /** As {@link #cast}, but null where a value does not fit. */
    public Column try_cast(DataType type) {
        return new Column(new Expression.Cast(expression, type, Expression.CastMode.TRY_CAST, Origin.NONE));
    }

    public Column try_cast(String type) {
        return try_cast(Engines.any().parseType(type));
    }

    public Column getField(String field) {
        return new Column(new Expression.FieldAccess(expression, field, Origin.NONE));
    }

    public Column getItem(Object key) {
        return call("[]", this, key);
    }

    public Column equalTo(Object other) {
        return call("=", this, other);
    }

    public Column notEqual(Object other) {
        return call("!=", this, other);
    }

    public Column eqNullSafe(Object other) {
        return call("<=>", this, other);
    }

    public Column gt(Object other) {
        return call(">", this, other);
    }

    public Column geq(Object other) {
        return call(">=", this, other);
    }

    public Column lt(Object other) {
        return call("<", this, other);
    }

    public Column leq(Object other) {
        return call("<=", this, other);
    }

    public Column between(Object lower, Object upper) {
        return geq(lower).and(leq(upper));
    }

    public Column plus(Object other) {
        return call("+", this, other);
    }

    public Column minus(Object other) {
        return call("-", this, other);
    }

    public Column multiply(Object other) {
        return call("*", this, other);
    }

    public Column divide(Object other) {
        return call("/", this, other);
    }

    public Column mod(Object other) {
        return call("%", this, other);
    }

    public Column and(Column other) {
        return call("and", this, other);
    }

    public Column or(Column other) {
        return call("or", this, other);
    }

    public Column isNull() {
        return call("isnull", this);
    }

    public Column isNotNull() {
        return call("isnotnull", this);
    }

    public Column isNaN() {
        return call("isnan", this);
    }

    public Column like(String pattern) {
        return call("like", this, pattern);
    }

    public Column rlike(String regex) {
        return call("rlike", this, regex);
    }

    public Column startsWith(Object prefix) {
        return call("startswith", this, prefix);
    }

    public Column endsWith(Object suffix) {
        return call("endswith", this, suffix);
    }

    public Column contains(Object part) {
        return call("contains", this, part);
    }

    public Column isin(Object... choices) {
        Object[] all = new Object[choices.length + 1];
        all[0] = this;
        System.arraycopy(choices, 0, all, 1, choices.length);
        return call("in", all);
    }

    public Column substr(int start, int length) {
        return call("substring", this, start, length);
    }

    /** Adds a branch to a {@link functions#when}. */
    public Column when(Column condition, Object value) {
        Expression.Call chain = openCase();
        List<Expression> args = new ArrayList<>(chain.arguments());
        args.add(condition.expression);
        args.add(functions.lit(value).expression);
        return new Column(new Expression.Call("case", args, Origin.NONE));
    }

    /** Ends a {@link functions#when} with the value for all other rows. */
    public Column otherwise(Object value) {
        Expression.Call chain = openCase();
        List<Expression> args = new ArrayList<>(chain.arguments());
        args.add(functions.lit(value).expression);
        return new Column(new Expression.Call("case", args, Origin.NONE));
    }

    private Expression.Call openCase() {
        if (expression instanceof Expression.Call call
                && call.function().equals("case")
                && call.arguments().size() % 2 == 0) {
            return call;
        }
        throw new IllegalArgumentException("when() and otherwise() follow functions.when(…) only");
    }

    /** Descending, nulls last; for {@code orderBy}. */
    public Column desc() {
        return call("desc", this);
    }

    public Column desc_nulls_first() {
        return call("desc_nulls_first", this);
    }

    public Column desc_nulls_last() {
        return desc();
    }

    /** Ascending, nulls first; for {@code orderBy}. */
    public Column asc() {
        return call("asc", this);
    }

    public Column asc_nulls_first() {
        return asc();
    }

    public Column asc_nulls_last() {
        return call("asc_nulls_last", this);
    }

    /** Returns this column as a key of an order, ascending if it has no direction. */
    LogicalPlan.SortKey sortKey() {
        if (expression instanceof Expression.Call call && call.arguments().size() == 1) {
            Expression key = call.arguments().get(0);
            switch (call.function()) {
                case "asc":
                    return new LogicalPlan.SortKey(key, true, true);
                case "asc_nulls_last":
                    return new LogicalPlan.SortKey(key, true, false);
                case "desc":
                    return new LogicalPlan.SortKey(key, false, false);
                case "desc_nulls_first":
                    return new LogicalPlan.SortKey(key, false, true);
                default:
                    break;
            }
        }
        return new LogicalPlan.SortKey(expression, true, true);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Column column && expression.equals(column.expression);
    }

    @Override
    public int hashCode() {
        return expression.hashCode();
    }

    @Override
    public String toString() {
        return expression.toString();
    }

    static List<Expression> expressions(Column... columns) {
        return Arrays.stream(columns).map(Column::expression).toList();
    }
}
