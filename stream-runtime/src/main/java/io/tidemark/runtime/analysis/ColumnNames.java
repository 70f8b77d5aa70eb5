package io.tidemark.runtime.analysis;

import io.tidemark.api.plan.Expression;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.runtime.expression.IntervalLiteral;
import io.tidemark.runtime.expression.function.IntervalShift;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The names that Spark gives to expressions without alias: {@code upper(page)}, {@code (a + 1)}, {@code CAST(x AS INT)}.
 * They are part of the dialect, since an outer query or a table refers to them; what looks odd here is odd there.
 */
final class ColumnNames {
    private static final Set<String> INFIX =
            Set.of("+", "-", "*", "/", "%", "div", "=", "<", "<=", ">", ">=", "<=>", "&", "|", "^", "and", "or");
    private static final Set<String> CAPITALS = Set.of(
            "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "cos", "cosh", "cot", "csc", "degrees",
            "e", "exp", "expm1", "hypot", "log", "log10", "log1p", "log2", "pi", "power", "radians", "rlike", "sec",
            "signum", "sin", "sinh", "sqrt", "tan", "tanh");
    private static final Set<String> CASTS = Set.of(
            "boolean",
            "tinyint",
            "smallint",
            "int",
            "bigint",
            "float",
            "double",
            "decimal",
            "date",
            "timestamp",
            "binary",
            "string");
    private static final String DATETIME_FORMAT = "yyyy-MM-dd HH:mm:ss";

    /** What a name depends on besides the text. */
    interface Resolution {
        /** Returns the attribute as it is shown inside an expression: without the qualifier that found it. */
        String shown(List<String> nameParts);

        /** Returns whether the attribute is a column as such, not a field of one. */
        boolean isColumn(List<String> nameParts);

        /** Returns whether the expression has fields. */
        boolean isStruct(Expression expression);

        /** Returns whether the expression is a date. */
        boolean isDate(Expression expression);
    }

    private final Resolution resolution;

    ColumnNames(Resolution resolution) {
        this.resolution = resolution;
    }

    /** Returns the name of a column that computes {@code expression}. */
    String of(Expression expression) {
        if (expression instanceof Expression.Alias alias) {
            return alias.name();
        } else if (expression instanceof Expression.Attribute attribute) {
            return last(attribute.nameParts());
        }
        boolean castOfColumn = (expression instanceof Expression.Cast || isCastFunction(expression))
                && castInput(expression) instanceof Expression.Attribute input
                && resolution.isColumn(input.nameParts());
        return castOfColumn ? of(castInput(expression)) : text(expression);
    }

    /** Returns the name of a field that {@code struct} makes of its argument at {@code place}, counted from 1. */
    String ofField(Expression expression, int place) {
        if (expression instanceof Expression.FieldAccess access) {
            return access.field();
        }
        boolean named = expression instanceof Expression.Alias || expression instanceof Expression.Attribute;
        return named ? of(expression) : "col" + place;
    }

    private static String last(List<String> parts) {
        return parts.get(parts.size() - 1);
    }

    private static boolean isCastFunction(Expression expression) {
        return expression instanceof Expression.Call call
                && CASTS.contains(call.function())
                && call.arguments().size() == 1;
    }

    private static Expression castInput(Expression expression) {
        return expression instanceof Expression.Cast cast
                ? cast.input()
                : ((Expression.Call) expression).arguments().get(0);
    }

    private String text(Expression expression) {
        if (expression instanceof Expression.Attribute attribute) {
            return resolution.shown(attribute.nameParts());
        } else if (expression instanceof Expression.Literal literal) {
            return literal(literal);
        } else if (expression instanceof Expression.FieldAccess access) {
            return text(access.input()) + "." + access.field();
        } else if (expression instanceof Expression.Cast cast) {
            return cast(cast);
        } else if (expression instanceof Expression.Alias alias) {
            return text(alias.input()) + " AS " + alias.name();
        } else if (expression instanceof Expression.Star star) {
            return star.qualifier().isEmpty() ? "*" : String.join(".", star.qualifier()) + ".*";
        }
        return isCastFunction(expression) ? text(castInput(expression)) : call((Expression.Call) expression);
    }

    private String cast(Expression.Cast cast) {
        boolean typedLiteral = cast.input() instanceof Expression.Literal literal
                && literal.origin().isKnown()
                && literal.origin().equals(cast.origin());
        if (typedLiteral) {
            return "TIMESTAMP '" + ((Expression.Literal) cast.input()).value() + "'";
        }
        String word = cast.mode() == Expression.CastMode.TRY_CAST ? "TRY_CAST(" : "CAST(";
        return word + text(cast.input()) + " AS " + cast.type().sql() + ")";
    }

    private static String literal(Expression.Literal literal) {
        Object value = literal.value();
        if (value == null) {
            return "NULL";
        } else if (literal.type() == AtomicType.DATE) {
            return "DATE '" + value + "'";
        } else if (literal.type() == AtomicType.TIMESTAMP_NTZ || literal.type() == AtomicType.TIMESTAMP) {
            return literal.type().sql() + " '" + timestamp(value) + "'";
        } else if (value instanceof byte[] bytes) {
            return "X'" + HexFormat.of().withUpperCase().formatHex(bytes) + "'";
        } else if (literal.type() instanceof DecimalType) {
            return ((BigDecimal) value).toPlainString();
        }
        return value.toString();
    }

    private static String timestamp(Object value) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
                .format((TemporalAccessor) (value instanceof Instant at ? at.atZone(ZoneOffset.UTC) : value));
    }

    private String call(Expression.Call call) {
        Optional<IntervalShift> shift = IntervalShift.of(call);
        if (shift.isPresent()) {
            return shifted(shift.get());
        } else if (call.function().equals("interval")
                && IntervalLiteral.of(call).isPresent()) {
            return IntervalLiteral.of(call).get().sql();
        }
        String name = call.function();
        if (name.equals("window") || name.equals("session_window")) {
            return name; // the name of the column that the rows get
        }
        List<String> args = new ArrayList<>();
        call.arguments().forEach(a -> args.add(text(a)));
        if (INFIX.contains(name) && args.size() == 2) {
            boolean word = name.equals("and") || name.equals("or");
            return "(" + args.get(0) + " " + (word ? name.toUpperCase(Locale.ROOT) : name) + " " + args.get(1) + ")";
        }
        return switch (name) {
            case "!=" -> "(NOT (" + args.get(0) + " = " + args.get(1) + "))";
            case "not" -> "(NOT " + args.get(0) + ")";
            case "negative" -> isWrittenAsCall(call) ? listed(name, args) : "(- " + args.get(0) + ")";
            case "positive" -> "(+ " + args.get(0) + ")";
            case "~" -> "~" + args.get(0);
            case "isnull" -> "(" + args.get(0) + " IS NULL)";
            case "isnotnull" -> "(" + args.get(0) + " IS NOT NULL)";
            case "in" -> "(" + args.get(0) + " IN (" + String.join(", ", args.subList(1, args.size())) + "))";
            case "like" ->
                args.get(0) + " LIKE " + args.get(1) + (args.size() > 2 ? " ESCAPE '" + args.get(2) + "'" : "");
            case "likeany", "likeall", "notlikeany", "notlikeall" -> listed(name, args.subList(0, 1));
            case "case" -> branches(args);
            case "if" -> "(IF(" + String.join(", ", args) + "))";
            case "[]" -> isFieldByKey(call) ? args.get(0) + "." + args.get(1) : args.get(0) + "[" + args.get(1) + "]";
            case "extract" -> "extract(" + args.get(0) + " FROM " + args.get(1) + ")";
            case "shiftleft" -> shift(call, "<<", args);
            case "shiftright" -> shift(call, ">>", args);
            case "shiftrightunsigned" -> shift(call, ">>>", args);
            case "first", "first_value", "last", "last_value", "any_value", "approx_count_distinct" ->
                function(call, args.subList(0, Math.min(1, args.size()))); // how it is computed is not shown
            case "from_json", "to_json" -> listed(name, args.subList(0, 1)); // schema and options are not shown
            case "struct" -> call.origin().text().startsWith("(") ? row(call) : listed(name, args);
            case "trim", "ltrim", "rtrim" -> args.size() == 2 ? trim(name, args) : listed(name, args);
            case "ceil", "floor" -> listed(args.size() == 1 ? name.toUpperCase(Locale.ROOT) : name, args);
            case "curdate" -> "current_date()";
            default ->
                CAPITALS.contains(name)
                        ? listed(name.toUpperCase(Locale.ROOT), withDefaults(name, args))
                        : function(call, args);
        };
    }

    private String shifted(IntervalShift shift) {
        String value = text(shift.value());
        String interval = text(shift.interval());
        if (shift.added().isDays() && resolution.isDate(shift.value())) {
            String days = "extractansiintervaldays(" + interval + ")";
            return "date_add(" + value + ", " + (shift.subtracted() ? "(- " + days + ")" : days) + ")";
        }
        return value + (shift.subtracted() ? " - " : " + ") + interval;
    }

    private boolean isFieldByKey(Expression.Call call) {
        return call.arguments().get(1) instanceof Expression.Literal key
                && key.value() instanceof String
                && resolution.isStruct(call.arguments().get(0));
    }

    private String function(Expression.Call call, List<String> args) {
        String name =
                switch (call.function()) {
                    case "position" -> "locate";
                    case "array_agg" -> "collect_list";
                    default -> call.function();
                };
        String all = call.distinct()
                ? name + "(DISTINCT " + String.join(", ", args) + ")"
                : listed(name, withDefaults(call.function(), args));
        return call.filter() == null ? all : all + " FILTER (WHERE " + text(call.filter()) + ")";
    }

    /** Some functions show the arguments that were left out. */
    private static List<String> withDefaults(String name, List<String> args) {
        return switch (name + args.size()) {
            case "unix_timestamp0" -> List.of("current_timestamp()", DATETIME_FORMAT);
            case "unix_timestamp1", "to_unix_timestamp1", "from_unixtime1" -> with(args, DATETIME_FORMAT);
            case "round1", "bround1" -> with(args, "0");
            case "split2" -> with(args, "-1");
            case "replace2" -> with(args, "");
            case "lpad2", "rpad2" -> with(args, " ");
            case "locate2", "position2", "regexp_replace3" -> with(args, "1");
            case "months_between2", "sort_array1" -> with(args, "true");
            case "log1" -> List.of("E()", args.get(0));
            default -> args;
        };
    }

    private static List<String> with(List<String> args, String last) {
        List<String> more = new ArrayList<>(args);
        more.add(last);
        return more;
    }

    private static boolean isWrittenAsCall(Expression.Call call) {
        return call.origin().text().toLowerCase(Locale.ROOT).startsWith(call.function());
    }

    private static String shift(Expression.Call call, String operator, List<String> args) {
        return isWrittenAsCall(call)
                ? listed(call.function(), args)
                : "(" + args.get(0) + " " + operator + " " + args.get(1) + ")";
    }

    private String row(Expression.Call call) {
        List<String> namesAndValues = new ArrayList<>();
        for (Expression value : call.arguments()) {
            namesAndValues.add(ofField(value, namesAndValues.size() / 2 + 1));
            namesAndValues.add(text(value));
        }
        return listed("named_struct", namesAndValues);
    }

    private static String listed(String name, List<String> arguments) {
        return arguments.stream().collect(Collectors.joining(", ", name + "(", ")"));
    }

    private static String trim(String name, List<String> args) {
        String side = name.equals("trim") ? "BOTH" : name.equals("ltrim") ? "LEADING" : "TRAILING";
        return "TRIM(" + side + " " + args.get(0) + " FROM " + args.get(1) + ")";
    }

    private static String branches(List<String> args) {
        StringBuilder out = new StringBuilder("CASE");
        int i = 0;
        for (; i + 1 < args.size(); i += 2) {
            out.append(" WHEN ").append(args.get(i)).append(" THEN ").append(args.get(i + 1));
        }
        if (i < args.size()) {
            out.append(" ELSE ").append(args.get(i));
        }
        return out.append(" END").toString();
    }
}
