package io.tidemark.runtime.analysis;

import io.tidemark.api.plan.Expression;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DecimalType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The names that Spark gives to expressions without alias: {@code upper(page)}, {@code (a + 1)}, {@code CAST(x AS INT)}. */
final class ColumnNames {
    private static final Set<String> INFIX =
            Set.of("+", "-", "*", "/", "%", "div", "=", "<", "<=", ">", ">=", "<=>", "&", "|", "^", "and", "or");
    private static final Set<String> SHOWN_IN_CAPITALS =
            Set.of("ceil", "floor", "sqrt", "exp", "sin", "cos", "tan", "log10", "log2", "log1p", "rlike", "signum");

    /** Says how an attribute is shown: without the qualifier that found it. */
    private final UnaryOperator<List<String>> unqualified;

    ColumnNames(UnaryOperator<List<String>> unqualified) {
        this.unqualified = unqualified;
    }

    /** Returns the name of a column that computes {@code expression}. */
    String of(Expression expression) {
        if (expression instanceof Expression.Alias alias) {
            return alias.name();
        } else if (expression instanceof Expression.Attribute attribute) {
            return attribute.nameParts().get(attribute.nameParts().size() - 1);
        } else if (expression instanceof Expression.FieldAccess access) {
            return access.field();
        }
        return text(expression);
    }

    private String text(Expression expression) {
        if (expression instanceof Expression.Attribute attribute) {
            return String.join(".", unqualified.apply(attribute.nameParts()));
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
        return call((Expression.Call) expression);
    }

    private String cast(Expression.Cast cast) {
        if (cast.origin().text().toUpperCase(Locale.ROOT).startsWith("TIMESTAMP")
                && cast.input() instanceof Expression.Literal literal
                && literal.origin().equals(cast.origin())) {
            return "TIMESTAMP '" + literal.value() + "'";
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
            return literal.type().sql() + " '" + value.toString().replace('T', ' ') + "'";
        } else if (value instanceof byte[] bytes) {
            StringBuilder hex = new StringBuilder("X'");
            for (byte b : bytes) {
                hex.append(String.format(Locale.ROOT, "%02X", b));
            }
            return hex.append('\'').toString();
        } else if (literal.type() instanceof DecimalType) {
            return ((java.math.BigDecimal) value).toPlainString();
        }
        return value.toString();
    }

    private String call(Expression.Call call) {
        List<String> args = new ArrayList<>();
        call.arguments().forEach(a -> args.add(text(a)));
        String name = call.function();
        if (INFIX.contains(name) && args.size() == 2) {
            boolean word = name.equals("and") || name.equals("or");
            return "(" + args.get(0) + " " + (word ? name.toUpperCase(Locale.ROOT) : name) + " " + args.get(1) + ")";
        } else if (SHOWN_IN_CAPITALS.contains(name)) {
            return listed(name.toUpperCase(Locale.ROOT), args);
        }
        return switch (name) {
            case "!=" -> "(NOT (" + args.get(0) + " = " + args.get(1) + "))";
            case "not" -> "(NOT " + args.get(0) + ")";
            case "negative" -> "(- " + args.get(0) + ")";
            case "positive" -> "(+ " + args.get(0) + ")";
            case "~" -> "~" + args.get(0);
            case "isnull" -> "(" + args.get(0) + " IS NULL)";
            case "isnotnull" -> "(" + args.get(0) + " IS NOT NULL)";
            case "in" -> "(" + args.get(0) + " IN (" + String.join(", ", args.subList(1, args.size())) + "))";
            case "like" ->
                args.get(0) + " LIKE " + args.get(1) + (args.size() > 2 ? " ESCAPE '" + args.get(2) + "'" : "");
            case "case" -> branches(args);
            case "if" -> "(IF(" + String.join(", ", args) + "))";
            case "[]" -> args.get(0) + "[" + args.get(1) + "]";
            case "extract" -> "extract(" + args.get(0) + " FROM " + args.get(1) + ")";
            case "position" -> "locate(" + String.join(", ", args) + ", 1)";
            case "shiftleft" -> "(" + args.get(0) + " << " + args.get(1) + ")";
            case "shiftright" -> "(" + args.get(0) + " >> " + args.get(1) + ")";
            case "shiftrightunsigned" -> "(" + args.get(0) + " >>> " + args.get(1) + ")";
            case "from_json", "to_json" -> name + "(" + args.get(0) + ")"; // schema and options are not shown
            case "struct" ->
                listed(name, call.arguments().stream().map(this::unaliased).toList());
            case "trim", "ltrim", "rtrim" -> args.size() == 2 ? trim(name, args) : listed(name, args);
            default -> listed(name, call.distinct() ? List.of("DISTINCT " + String.join(", ", args)) : args);
        };
    }

    private String unaliased(Expression e) {
        return text(e instanceof Expression.Alias alias ? alias.input() : e);
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
