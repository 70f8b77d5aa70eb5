package io.tidemark.runtime.analysis;

import static java.util.Objects.requireNonNull;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.Origin;
import io.tidemark.api.plan.Expression;
import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.Identifiers;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructType;
import io.tidemark.runtime.expression.BindContext;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.FieldAccessFunction;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.IntervalLiteral;
import io.tidemark.runtime.expression.function.CastFunction;
import io.tidemark.runtime.expression.function.IntervalShift;
import io.tidemark.runtime.expression.function.WindowTimeFunction;
import io.tidemark.runtime.plan.EventTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Resolves and types the expressions of one relation. Mutable: it learns the aliases of a select list one by one. */
final class ExpressionBinder implements ColumnNames.Resolution {
    private static final Set<String> RANDOM_WITHOUT_SEED = Set.of("rand", "random", "randn", "uuid", "shuffle");
    private static final Map<String, String> DATE_PARTS = Map.ofEntries(
            Map.entry("YEAR", "year"),
            Map.entry("QUARTER", "quarter"),
            Map.entry("MONTH", "month"),
            Map.entry("WEEK", "weekofyear"),
            Map.entry("DAY", "dayofmonth"),
            Map.entry("DAYOFWEEK", "dayofweek"),
            Map.entry("DOW", "dayofweek"),
            Map.entry("DOY", "dayofyear"),
            Map.entry("HOUR", "hour"),
            Map.entry("MINUTE", "minute"),
            Map.entry("SECOND", "second"));

    private final AnalysisContext context;
    private final Relation input;
    private final Scope scope;
    private final TreeMap<String, BoundExpression> aliases;
    private final AggregateUse aggregates;
    private final @Nullable ColumnRef window;
    private final IntPredicate yieldsToAlias;

    /** For expressions without aggregates and windows. */
    ExpressionBinder(AnalysisContext context, Relation input) {
        this(
                context,
                input,
                new TreeMap<>(String.CASE_INSENSITIVE_ORDER),
                AggregateUse.NOT_HERE,
                null,
                column -> false);
    }

    private ExpressionBinder(
            AnalysisContext context,
            Relation input,
            TreeMap<String, BoundExpression> aliases,
            AggregateUse aggregates,
            @Nullable ColumnRef window,
            IntPredicate yieldsToAlias) {
        this.context = context;
        this.input = input;
        this.scope = input.scope();
        this.aliases = aliases;
        this.aggregates = aggregates;
        this.window = window;
        this.yieldsToAlias = yieldsToAlias;
    }

    /** Returns a binder that knows the same names and treats aggregates so. */
    ExpressionBinder with(AggregateUse other) {
        return new ExpressionBinder(context, input, aliases, other, window, yieldsToAlias);
    }

    /** Returns a binder for which {@code window} and {@code session_window} stand for this column, if there is one. */
    ExpressionBinder withWindow(@Nullable ColumnRef column) {
        return new ExpressionBinder(context, input, aliases, aggregates, column, yieldsToAlias);
    }

    /** Returns a binder for which a name means an alias even though these columns of the input have that name. */
    ExpressionBinder preferringAliases(IntPredicate columns) {
        return new ExpressionBinder(context, input, aliases, aggregates, window, columns);
    }

    AnalysisContext context() {
        return context;
    }

    /** Makes an alias known to the expressions that stand behind it in the same select list. */
    void learn(String alias, BoundExpression value) {
        aliases.putIfAbsent(alias, value);
    }

    BindContext at(Origin origin) {
        return new BindContext(context.ansi(), context.zone(), origin, context.functions());
    }

    /** Returns the typed expression; an alias at its top is passed over. */
    BoundExpression bind(Expression expression) {
        if (expression instanceof Expression.Alias alias) {
            return bind(alias.input());
        } else if (expression instanceof Expression.Attribute attribute) {
            return attribute(attribute);
        } else if (expression instanceof Expression.Literal literal) {
            return new Constant(literal.value(), literal.type());
        } else if (expression instanceof Expression.FieldAccess access) {
            return field(bind(access.input()), access.field(), access.origin());
        } else if (expression instanceof Expression.Cast cast) {
            BindContext where = at(cast.origin());
            return folded(CastFunction.bind(bind(cast.input()), cast.type(), cast.mode(), where), where);
        } else if (expression instanceof Expression.Star star) {
            throw new AnalysisException(
                    ErrorCode.SQL_UNSUPPORTED,
                    "A * can only stand in a select list or among the arguments of a function.",
                    star.origin());
        }
        return call((Expression.Call) expression);
    }

    @Override
    public String shown(List<String> parts) {
        Scope.Match match = scope.find(parts, Origin.NONE);
        if (match == null && aliases.containsKey(parts.get(0))) {
            return "lateralAliasReference(" + parts.get(parts.size() - 1) + ")";
        }
        return String.join(
                ".",
                match == null
                        ? parts
                        : parts.subList(parts.size() - match.fields().size() - 1, parts.size()));
    }

    @Override
    public boolean isColumn(List<String> parts) {
        Scope.Match match = scope.find(parts, Origin.NONE);
        return match == null ? parts.size() == 1 : match.fields().isEmpty();
    }

    @Override
    public boolean isStruct(Expression expression) {
        return structOf(bind(expression).type()) != null;
    }

    @Override
    public boolean isDate(Expression expression) {
        return bind(expression).type() == AtomicType.DATE;
    }

    /** Returns the expressions that a star stands for, each with its name. */
    List<Expression.Alias> expand(Expression.Star star) {
        List<Expression.Alias> all = new ArrayList<>();
        if (star.qualifier().isEmpty()) {
            for (int i = 0; i < scope.columns().size(); i++) {
                all.add(placeholder(i, star.origin()));
            }
            return all;
        }
        List<Integer> qualified = star.qualifier().size() == 1
                ? scope.qualifiedBy(star.qualifier().get(0))
                : List.of();
        if (!qualified.isEmpty()) {
            qualified.forEach(i -> all.add(placeholder(i, star.origin())));
            return all;
        }
        BoundExpression input = attribute(new Expression.Attribute(star.qualifier(), star.origin()));
        if (!(input.type() instanceof StructType struct)) {
            throw new AnalysisException(
                    ErrorCode.TYPE_MISMATCH,
                    "Cannot expand " + String.join(".", star.qualifier()) + ".*: it is a "
                            + input.type().sql() + ", but only a table or a STRUCT has columns to expand.",
                    star.origin());
        }
        Expression base = new Expression.Attribute(star.qualifier(), star.origin());
        struct.fieldNames()
                .forEach(name -> all.add(new Expression.Alias(
                        new Expression.FieldAccess(base, name, star.origin()), name, star.origin())));
        return all;
    }

    /** A star means columns by place: names may occur twice. */
    private Expression.Alias placeholder(int ordinal, Origin origin) {
        return new Expression.Alias(
                new Expression.Attribute(List.of(BY_PLACE + ordinal), origin),
                scope.columns().get(ordinal).name(),
                origin);
    }

    private static final String BY_PLACE = "\0";

    /** Returns the place of a column that a star stands for, or -1. */
    static int place(Expression expression) {
        return expression instanceof Expression.Attribute a
                        && a.nameParts().get(0).startsWith(BY_PLACE)
                ? Integer.parseInt(a.nameParts().get(0).substring(BY_PLACE.length()))
                : -1;
    }

    private BoundExpression attribute(Expression.Attribute attribute) {
        int place = place(attribute);
        if (place >= 0) {
            Scope.Column column = scope.at(place);
            return new ColumnRef(place, column.name(), column.type(), column.nullable());
        }
        List<String> parts = attribute.nameParts();
        Scope.Match match = scope.find(parts, attribute.origin());
        boolean yields =
                match != null && yieldsToAlias.test(match.column().ordinal()) && aliases.containsKey(parts.get(0));
        if (match != null && !yields) {
            return fields(match.column(), match.fields(), attribute.origin());
        }
        BoundExpression earlier = aliases.get(parts.get(0));
        if (earlier == null) {
            throw scope.unresolved(parts, attribute.origin());
        }
        requireDeterministic(earlier, parts.get(0), attribute.origin());
        return fields(earlier, parts.subList(1, parts.size()), attribute.origin());
    }

    private static void requireDeterministic(BoundExpression value, String alias, Origin origin) {
        if (!Expressions.isDeterministic(value)) {
            throw new AnalysisException(
                    ErrorCode.SQL_UNSUPPORTED,
                    "The alias " + Identifiers.quote(alias)
                            + " stands for a random value and cannot be used again in the same SELECT."
                            + " Compute it in a subquery.",
                    origin);
        }
    }

    private BoundExpression fields(BoundExpression start, List<String> names, Origin origin) {
        BoundExpression value = start;
        for (String name : names) {
            value = field(value, name, origin);
        }
        return value;
    }

    private BoundExpression field(BoundExpression input, String name, Origin origin) {
        DataType type = input.type();
        if (type instanceof MapType) {
            return bindFunction("[]", List.of(input, new Constant(name, AtomicType.STRING)), origin);
        }
        StructType struct = structOf(type);
        if (struct == null) {
            throw new AnalysisException(
                    ErrorCode.TYPE_MISMATCH,
                    "Cannot read field " + Identifiers.quote(name) + " of a " + type.sql()
                            + ". Only a STRUCT, an ARRAY of STRUCT or a MAP has fields.",
                    origin);
        }
        List<Integer> found = struct.indexesOfIgnoringCase(name);
        if (found.size() > 1) {
            throw new AnalysisException(
                    ErrorCode.AMBIGUOUS_COLUMN,
                    "Ambiguous reference to the field " + Identifiers.quote(name) + ". It appears " + found.size()
                            + " times in the schema.",
                    origin);
        } else if (found.isEmpty()) {
            throw new AnalysisException(
                    ErrorCode.UNRESOLVED_COLUMN,
                    "No such struct field " + Identifiers.quote(name) + " in "
                            + struct.fieldNames().stream()
                                    .map(Identifiers::quote)
                                    .collect(Collectors.joining(", "))
                            + ".",
                    origin);
        }
        return folded(FieldAccessFunction.of(input, found.get(0), origin), at(origin));
    }

    private static @Nullable StructType structOf(DataType type) {
        if (type instanceof StructType struct) {
            return struct;
        }
        return type instanceof ArrayType array && array.elementType() instanceof StructType struct ? struct : null;
    }

    private BoundExpression call(Expression.Call call) {
        Optional<IntervalShift> shift = IntervalShift.of(call);
        if (shift.isPresent()) {
            BindContext where = at(call.origin());
            return folded(shift.get().bind(bind(shift.get().value()), where), where);
        } else if (IntervalLiteral.of(call).isPresent()) {
            throw new AnalysisException(
                    ErrorCode.SQL_UNSUPPORTED,
                    "An INTERVAL as a value is not supported by this version."
                            + " Add it to a date or timestamp, or subtract it from one.",
                    call.origin());
        }
        String name = call.function().toLowerCase(Locale.ROOT);
        Origin origin = call.origin();
        if (context.functions().find(name).isEmpty()) {
            if (context.aggregates().find(name).isPresent()) {
                return aggregates.bind(call, this);
            } else if (Unsupported.isAggregate(name)) {
                throw Unsupported.clause("The function " + name, origin);
            } else if (name.equals("uuid") || name.equals("shuffle")) {
                throw randomWithoutSeed(name, origin);
            }
        }
        if (call.distinct() || call.filter() != null) {
            throw new AnalysisException(
                    ErrorCode.INVALID_ARGUMENT_VALUE,
                    (call.distinct() ? "DISTINCT" : "FILTER") + " makes no sense with " + name
                            + ", which is no aggregate function. Remove it.",
                    origin);
        }
        if (RANDOM_WITHOUT_SEED.contains(name) && call.arguments().isEmpty()) {
            throw randomWithoutSeed(name, origin);
        }
        return switch (name) {
            case "struct" -> struct(call);
            case "ilike" -> ilike(call);
            case "likeany", "likeall", "notlikeany", "notlikeall" -> likeMany(name, bindAll(call.arguments()), origin);
            case "nullif" -> bindFunction(name, firstLast(call.arguments()), origin);
            case "between" -> between(firstLast(call.arguments()), origin);
            case "extract", "date_part", "datepart" -> datePart(name, call);
            case "[]" -> element(bindAll(call.arguments()), origin);
            case "window", "session_window" -> window(name, origin);
            case "window_time" -> windowTime(bindAll(call.arguments()), origin);
            case "asc", "asc_nulls_last", "desc", "desc_nulls_first" ->
                throw new AnalysisException(
                        ErrorCode.SQL_UNSUPPORTED, "A direction can only stand in an order.", origin);
            default -> bindFunction(name, bindAll(call.arguments()), origin);
        };
    }

    private BoundExpression window(String name, Origin origin) {
        if (window == null) {
            throw new AnalysisException(
                    ErrorCode.STREAMING_UNSUPPORTED,
                    "The function " + name + " is not supported here. Use it in GROUP BY, SELECT or WHERE.",
                    origin);
        }
        return window;
    }

    private BoundExpression windowTime(List<BoundExpression> arguments, Origin origin) {
        if (arguments.size() != 1) {
            throw new AnalysisException(
                    ErrorCode.WRONG_ARGUMENT_COUNT,
                    "The function 'window_time' takes 1 argument but was given " + arguments.size() + ".",
                    origin);
        } else if (!isWindow(arguments.get(0))) {
            throw new AnalysisException(
                    ErrorCode.TYPE_MISMATCH,
                    "The argument of window_time is not a column made by window or session_window.",
                    origin);
        }
        return WindowTimeFunction.of(arguments.get(0), origin);
    }

    /** Returns whether a value is a window as {@code window} or {@code session_window} made it. */
    boolean isWindow(BoundExpression value) {
        return value instanceof ColumnRef column
                && column.ordinal() < input.plan().schema().size()
                && EventTimes.of(value, EventTimes.of(input.plan())).window() != EventTimes.Window.NONE;
    }

    private static AnalysisException randomWithoutSeed(String name, Origin origin) {
        return new AnalysisException(
                ErrorCode.STREAMING_UNSUPPORTED,
                name + "() would give other values when a batch runs again after a failure."
                        + (name.startsWith("rand") ? " Give it a seed, for instance " + name + "(42)." : " Remove it."),
                origin);
    }

    List<BoundExpression> bindAll(List<Expression> expressions) {
        List<BoundExpression> bound = new ArrayList<>(expressions.size());
        for (Expression e : expressions) {
            if (e instanceof Expression.Star star) {
                expand(star).forEach(column -> bound.add(bind(column)));
            } else {
                bound.add(bind(e));
            }
        }
        return bound;
    }

    private BoundExpression bindFunction(String name, List<BoundExpression> arguments, Origin origin) {
        BindContext where = at(origin);
        FunctionDefinition function = context.functions().find(name).orElseThrow(() -> unknown(name, origin));
        return folded(function.bind(arguments, where), where);
    }

    private AnalysisException unknown(String name, Origin origin) {
        List<String> words = context.functions().names().stream()
                .filter(n -> Character.isLetter(n.charAt(0)))
                .toList();
        return new AnalysisException(
                ErrorCode.UNRESOLVED_FUNCTION,
                "The function " + Identifiers.quote(name) + " does not exist or is not supported by this version."
                        + Suggestions.question(name, words),
                origin);
    }

    /** Spark's {@code struct}: columns and fields keep their names, other values are called col1, col2 … by place. */
    private BoundExpression struct(Expression.Call call) {
        List<BoundExpression> namesAndValues = new ArrayList<>();
        int place = 0;
        for (Expression argument : call.arguments()) {
            List<? extends Expression> columns =
                    argument instanceof Expression.Star star ? expand(star) : List.of(argument);
            for (Expression column : columns) {
                place++;
                String name = new ColumnNames(this).ofField(column, place);
                namesAndValues.add(new Constant(name, AtomicType.STRING));
                namesAndValues.add(bind(column));
            }
        }
        return bindFunction("named_struct", namesAndValues, call.origin());
    }

    /** Binds the value that is compared after what it is compared with: so Spark counts the aggregates in them. */
    private List<BoundExpression> firstLast(List<Expression> arguments) {
        if (arguments.isEmpty()) {
            return List.of();
        }
        List<BoundExpression> others = bindAll(arguments.subList(1, arguments.size()));
        List<BoundExpression> all = bindAll(arguments.subList(0, 1));
        all.addAll(others);
        return all;
    }

    private BoundExpression between(List<BoundExpression> arguments, Origin origin) {
        if (arguments.size() != 3) {
            throw new AnalysisException(
                    ErrorCode.WRONG_ARGUMENT_COUNT,
                    "The function 'between' takes 3 arguments but was given " + arguments.size() + ".",
                    origin);
        }
        BoundExpression value = arguments.get(0);
        BoundExpression fromLower = bindFunction(">=", List.of(value, arguments.get(1)), origin);
        BoundExpression toUpper = bindFunction("<=", List.of(value, arguments.get(2)), origin);
        return bindFunction("and", List.of(fromLower, toUpper), origin);
    }

    private BoundExpression ilike(Expression.Call call) {
        if (context.functions().find("ilike").isPresent()) {
            return bindFunction("ilike", bindAll(call.arguments()), call.origin());
        }
        List<BoundExpression> arguments = bindAll(call.arguments());
        for (int i = 0; i < Math.min(2, arguments.size()); i++) {
            arguments.set(i, bindFunction("lower", List.of(arguments.get(i)), call.origin()));
        }
        return bindFunction("like", arguments, call.origin());
    }

    /** {@code LIKE ANY} and {@code LIKE ALL}; with NOT, each pattern counts as one that does not match. */
    private BoundExpression likeMany(String name, List<BoundExpression> arguments, Origin origin) {
        String joined = name.endsWith("all") ? "and" : "or";
        BoundExpression all = null;
        for (BoundExpression pattern : arguments.subList(1, arguments.size())) {
            BoundExpression one = bindFunction("like", List.of(arguments.get(0), pattern), origin);
            if (name.startsWith("not")) {
                one = bindFunction("not", List.of(one), origin);
            }
            all = all == null ? one : bindFunction(joined, List.of(all, one), origin);
        }
        return requireNonNull(all);
    }

    private BoundExpression datePart(String name, Expression.Call call) {
        List<BoundExpression> arguments = bindAll(call.arguments());
        if (context.functions().find(name).isPresent()) {
            return bindFunction(name, arguments, call.origin());
        }
        if (arguments.size() == 2 && arguments.get(0) instanceof Constant part && part.value() instanceof String text) {
            String function = DATE_PARTS.get(text.toUpperCase(Locale.ROOT));
            if (function != null) {
                return bindFunction(function, List.of(arguments.get(1)), call.origin());
            }
        }
        throw Unsupported.clause("The field of " + name + " in " + call.origin().text(), call.origin());
    }

    private BoundExpression element(List<BoundExpression> arguments, Origin origin) {
        boolean byFieldName = arguments.size() == 2
                && structOf(arguments.get(0).type()) != null
                && arguments.get(1) instanceof Constant key
                && key.value() instanceof String;
        return byFieldName
                ? field(arguments.get(0), (String) ((Constant) arguments.get(1)).value(), origin)
                : bindFunction("[]", arguments, origin);
    }

    private static BoundExpression folded(BoundExpression expression, BindContext where) {
        return ConstantFolding.fold(expression, where);
    }
}
