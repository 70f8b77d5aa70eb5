package io.tidemark.runtime.optimizer;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.StructType;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.ColumnRef;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.FieldAccessFunction;
import io.tidemark.runtime.expression.IntervalLiteral;
import io.tidemark.runtime.expression.function.IntervalShift;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Shows typed expressions about as SQL would write them. */
final class ExpressionPrinter {
    private static final Set<String> INFIX = Set.of(
            "+", "-", "*", "/", "%", "div", "=", "!=", "<", "<=", ">", ">=", "<=>", "&", "|", "^", "and", "or", "like");

    private ExpressionPrinter() {}

    static String named(BoundExpression value, String name) {
        return value instanceof ColumnRef column && column.name().equals(name) ? name : print(value) + " AS " + name;
    }

    static String print(BoundExpression expression) {
        if (expression instanceof ColumnRef column) {
            return column.name();
        } else if (expression instanceof Constant constant) {
            return constant(constant);
        }
        return call((BoundCall) expression);
    }

    private static String constant(Constant constant) {
        if (constant.value() instanceof byte[] bytes) {
            return "X'…' (" + bytes.length + " bytes)";
        }
        boolean quoted = constant.type() == AtomicType.STRING && constant.value() != null;
        return quoted ? "'" + constant.value() + "'" : String.valueOf(constant.value());
    }

    private static String call(BoundCall call) {
        if (FieldAccessFunction.isFieldAccess(call)) {
            return print(call.arguments().get(0)) + "." + FieldAccessFunction.fieldName(call);
        } else if (JsonReads.isFromJson(call)) {
            String schema = call.type() instanceof StructType struct
                    ? struct.toDdl()
                    : call.type().sql();
            return "from_json(" + print(call.arguments().get(0)) + ", " + schema
                    + (JsonReads.hasOptions(call) ? ", …)" : ")");
        }
        Optional<IntervalLiteral> interval = IntervalShift.added(call);
        if (interval.isPresent()) {
            return "(" + print(call.arguments().get(0)) + " + " + interval.get().sql() + ")";
        }
        List<String> args =
                call.arguments().stream().map(ExpressionPrinter::print).toList();
        String name = call.function().name();
        if (INFIX.contains(name) && args.size() == 2) {
            return "(" + args.get(0) + " " + name.toUpperCase(Locale.ROOT) + " " + args.get(1) + ")";
        }
        return switch (name) {
            case "cast", "try_cast" ->
                name.toUpperCase(Locale.ROOT) + "(" + args.get(0) + " AS "
                        + call.type().sql() + ")";
            case "not" -> "(NOT " + args.get(0) + ")";
            case "negative" -> "(- " + args.get(0) + ")";
            case "isnull" -> "(" + args.get(0) + " IS NULL)";
            case "isnotnull" -> "(" + args.get(0) + " IS NOT NULL)";
            case "in" -> "(" + args.get(0) + " IN (" + String.join(", ", args.subList(1, args.size())) + "))";
            case "[]" -> args.get(0) + "[" + args.get(1) + "]";
            default -> name + "(" + String.join(", ", args) + ")";
        };
    }
}
