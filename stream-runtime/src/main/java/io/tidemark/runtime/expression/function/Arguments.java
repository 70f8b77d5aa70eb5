package io.tidemark.runtime.expression.function;

import static java.util.Objects.requireNonNull;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.runtime.expression.BindContext;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.FunctionDefinition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of one call while it is typed: counts and checks them, casts them in place, and makes the typed call.
 * Mutable, one thread, thrown away after {@link FunctionDefinition#bind}.
 */
public final class Arguments {
    private final String name;
    private final @Nullable FunctionDefinition function;
    private final List<BoundExpression> values;
    private final BindContext context;

    public Arguments(FunctionDefinition function, List<BoundExpression> values, BindContext context) {
        this(function.name(), function, values, context);
    }

    /** The arguments of what is no function of one row, as an aggregate: it cannot make a {@link #call}. */
    public Arguments(String name, List<BoundExpression> values, BindContext context) {
        this(name, null, values, context);
    }

    private Arguments(
            String name, @Nullable FunctionDefinition function, List<BoundExpression> values, BindContext context) {
        this.name = name;
        this.function = function;
        this.values = new ArrayList<>(values);
        this.context = context;
    }

    public BindContext context() {
        return context;
    }

    public int size() {
        return values.size();
    }

    /** Returns the argument at {@code index}, counted from 0, with the casts made so far. */
    public BoundExpression get(int index) {
        return values.get(index);
    }

    public DataType type(int index) {
        return values.get(index).type();
    }

    /** Returns all arguments with the casts made so far. Unmodifiable. */
    public List<BoundExpression> list() {
        return List.copyOf(values);
    }

    /** Replaces an argument. */
    public void set(int index, BoundExpression value) {
        values.set(index, value);
    }

    /** Drops all arguments but the first {@code count}. */
    public void keep(int count) {
        values.subList(count, values.size()).clear();
    }

    /**
     * Requires between {@code min} and {@code max} arguments.
     *
     * @throws AnalysisException {@code WRONG_ARGUMENT_COUNT}
     */
    public Arguments count(int min, int max) {
        if (values.size() < min || values.size() > max) {
            String wanted = min == max
                    ? String.valueOf(min)
                    : max == Integer.MAX_VALUE ? "at least " + min : min + " to " + max;
            throw new AnalysisException(
                    ErrorCode.WRONG_ARGUMENT_COUNT,
                    "The function '" + name + "' takes " + wanted + " argument"
                            + (wanted.equals("1") ? "" : "s") + " but was given " + values.size()
                            + ". Add or remove arguments.",
                    context.origin());
        }
        return this;
    }

    public Arguments count(int exactly) {
        return count(exactly, exactly);
    }

    /**
     * Casts an argument as Spark does implicitly for a parameter of this type.
     *
     * @throws AnalysisException {@code TYPE_MISMATCH} if that is not allowed
     */
    public BoundExpression cast(int index, DataType to) {
        BoundExpression cast =
                TypeCoercion.implicitCast(values.get(index), to, context).orElseThrow(() -> mismatch(index, to.sql()));
        values.set(index, cast);
        return cast;
    }

    /** Casts every argument from {@code from} on. */
    public Arguments castAll(int from, DataType to) {
        for (int i = from; i < values.size(); i++) {
            cast(i, to);
        }
        return this;
    }

    /**
     * Brings the arguments from {@code from} on to the widest of their types and returns it.
     *
     * @throws AnalysisException {@code TYPE_MISMATCH} if they have none in common
     */
    public DataType castToCommonType(int from) {
        DataType common = AtomicType.NULL;
        for (int i = from; i < values.size(); i++) {
            DataType next = type(i);
            DataType soFar = common;
            int at = i;
            common = TypeCoercion.commonType(soFar, next, context.ansi()).orElseThrow(() -> mismatch(at, soFar.sql()));
        }
        for (int i = from; i < values.size(); i++) {
            values.set(i, TypeCoercion.castIfNeeded(values.get(i), common, context));
        }
        return common;
    }

    /** Brings the argument to a numeric type: strings become double, null too. */
    public DataType numeric(int index) {
        if (type(index) == AtomicType.STRING || type(index) == AtomicType.NULL) {
            cast(index, AtomicType.DOUBLE);
        }
        if (!TypeCoercion.isNumeric(type(index))) {
            throw mismatch(index, "NUMERIC");
        }
        return type(index);
    }

    /** Returns whether some argument may be null. */
    public boolean anyNullable() {
        return values.stream().anyMatch(BoundExpression::nullable);
    }

    /** Makes the call, null where some argument is. */
    public BoundExpression call(DataType type) {
        return call(type, anyNullable());
    }

    /** Makes the call. */
    public BoundExpression call(DataType type, boolean nullable) {
        return new BoundExpression.BoundCall(requireNonNull(function, name), values, type, nullable, context.origin());
    }

    /** Returns the error for an argument of a wrong type. */
    public AnalysisException mismatch(int index, String wanted) {
        return new AnalysisException(
                ErrorCode.TYPE_MISMATCH,
                "Argument " + (index + 1) + " of '" + name + "' has type "
                        + type(index).sql() + " where " + wanted + " is required. Cast it to that type.",
                context.origin());
    }

    /** Returns an error for arguments that do not go together. */
    public AnalysisException mismatch(String problem) {
        return new AnalysisException(
                ErrorCode.TYPE_MISMATCH, "Cannot apply '" + name + "': " + problem, context.origin());
    }
}
