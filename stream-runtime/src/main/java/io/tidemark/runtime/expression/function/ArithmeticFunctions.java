package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.FloatVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import java.util.List;
import java.util.Optional;

/** {@code + - * / % div pmod} and their {@code try_} forms. With one argument {@code -} negates. */
final class ArithmeticFunctions {
    private ArithmeticFunctions() {}

    static List<FunctionDefinition> all() {
        return List.of(
                operator("+", ArithmeticOperator.ADD, false),
                operator("-", ArithmeticOperator.SUBTRACT, false),
                operator("*", ArithmeticOperator.MULTIPLY, false),
                operator("/", ArithmeticOperator.DIVIDE, false),
                operator("div", ArithmeticOperator.INTEGRAL_DIVIDE, false),
                operator("%", ArithmeticOperator.REMAINDER, false).alias("mod"),
                operator("pmod", ArithmeticOperator.PMOD, false),
                operator("try_add", ArithmeticOperator.ADD, true),
                operator("try_subtract", ArithmeticOperator.SUBTRACT, true),
                operator("try_multiply", ArithmeticOperator.MULTIPLY, true),
                operator("try_divide", ArithmeticOperator.DIVIDE, true),
                operator("try_mod", ArithmeticOperator.REMAINDER, true));
    }

    private static Builtin operator(String name, ArithmeticOperator op, boolean tries) {
        return Builtin.of(
                name, arguments -> bind(arguments, op, tries), (call, kernels) -> kernel(call, kernels, op, tries));
    }

    private static BoundExpression bind(Arguments arguments, ArithmeticOperator op, boolean tries) {
        boolean signed = !tries && (op == ArithmeticOperator.ADD || op == ArithmeticOperator.SUBTRACT);
        if (signed && arguments.size() == 1) {
            String unary = op == ArithmeticOperator.ADD ? "positive" : "negative";
            return arguments.context().registry().builtin(unary).bind(arguments.list(), arguments.context());
        }
        arguments.count(2);
        Optional<BoundExpression> shifted = signed ? bindDates(arguments, op) : Optional.empty();
        if (shifted.isPresent()) {
            return shifted.get();
        }
        castStrings(arguments, op);
        if (arguments.type(0) instanceof DecimalType || arguments.type(1) instanceof DecimalType) {
            Optional<BoundExpression> call = bindDecimals(arguments, op, tries);
            if (call.isPresent()) {
                return call.get();
            }
        }
        DataType type = operandType(arguments, op);
        if (op == ArithmeticOperator.INTEGRAL_DIVIDE && TypeCoercion.isFloating(type)) {
            throw arguments.mismatch(0, "an integral type or DECIMAL");
        }
        arguments.castAll(0, type);
        DataType result = op == ArithmeticOperator.INTEGRAL_DIVIDE ? AtomicType.BIGINT : type;
        return arguments.call(result, isNullable(arguments, op, tries));
    }

    private static DataType operandType(Arguments arguments, ArithmeticOperator op) {
        DataType type = TypeCoercion.commonNumeric(
                arguments.type(0), arguments.type(1), arguments.context().ansi());
        if (op == ArithmeticOperator.DIVIDE && !(type instanceof DecimalType)) {
            return AtomicType.DOUBLE;
        } else if (op == ArithmeticOperator.INTEGRAL_DIVIDE && TypeCoercion.isIntegral(type)) {
            return AtomicType.BIGINT;
        }
        return type;
    }

    private static boolean isNullable(Arguments arguments, ArithmeticOperator op, boolean tries) {
        return arguments.anyNullable() || tries || (!arguments.context().ansi() && op.divides());
    }

    /** Moves a date by a number of days; what would be an interval is refused. */
    private static Optional<BoundExpression> bindDates(Arguments arguments, ArithmeticOperator op) {
        DataType left = arguments.type(0);
        DataType right = arguments.type(1);
        boolean add = op == ArithmeticOperator.ADD;
        if (!TypeCoercion.isDatetime(left) && !TypeCoercion.isDatetime(right)) {
            return Optional.empty();
        } else if (left == AtomicType.DATE && isDays(right)) {
            return Optional.of(call(arguments, add ? "date_add" : "date_sub", arguments.get(0), arguments.get(1)));
        } else if (add && right == AtomicType.DATE && isDays(left)) {
            return Optional.of(call(arguments, "date_add", arguments.get(1), arguments.get(0)));
        } else if (!add && TypeCoercion.isDatetime(left) && TypeCoercion.isDatetime(right)) {
            throw arguments.mismatch("the difference of " + left.sql() + " and " + right.sql()
                    + " is an interval, which is not supported. Use datediff or timestampdiff.");
        }
        throw arguments.mismatch(
                left.sql() + " and " + right.sql() + " do not go together. Use date_add, timestampadd or a cast.");
    }

    private static boolean isDays(DataType type) {
        return type == AtomicType.INT || type == AtomicType.SMALLINT || type == AtomicType.TINYINT;
    }

    private static BoundExpression call(Arguments arguments, String function, BoundExpression... operands) {
        return arguments.context().registry().builtin(function).bind(List.of(operands), arguments.context());
    }

    /** Gives strings the type of the other side, or double without ANSI rules; nulls become what the other side is. */
    private static void castStrings(Arguments arguments, ArithmeticOperator op) {
        for (int i = 0; i < 2; i++) {
            DataType type = arguments.type(i);
            DataType other = arguments.type(1 - i);
            if (type == AtomicType.STRING) {
                boolean ansi = arguments.context().ansi();
                if (ansi && !TypeCoercion.isNumeric(other)) {
                    throw arguments.mismatch(i, "a number");
                }
                arguments.cast(i, ansi && TypeCoercion.isIntegral(other) ? AtomicType.BIGINT : AtomicType.DOUBLE);
            } else if (type == AtomicType.NULL) {
                DataType anyNumber = op == ArithmeticOperator.INTEGRAL_DIVIDE ? AtomicType.BIGINT : AtomicType.DOUBLE;
                arguments.cast(i, TypeCoercion.isNumeric(other) ? other : anyNumber);
            } else if (!TypeCoercion.isNumeric(type)) {
                throw arguments.mismatch(i, "a number");
            }
        }
    }

    /** Types a call on decimals; empty if one side is floating, so that it is no longer one. */
    private static Optional<BoundExpression> bindDecimals(Arguments arguments, ArithmeticOperator op, boolean tries) {
        if (TypeCoercion.isFloating(arguments.type(0)) || TypeCoercion.isFloating(arguments.type(1))) {
            return Optional.empty();
        }
        DecimalType left = TypeCoercion.decimalForOperand(arguments.get(0));
        DecimalType right = TypeCoercion.decimalForOperand(arguments.get(1));
        arguments.cast(0, left);
        arguments.cast(1, right);
        DataType result = op == ArithmeticOperator.INTEGRAL_DIVIDE ? AtomicType.BIGINT : op.decimalResult(left, right);
        boolean nullable =
                isNullable(arguments, op, tries) || !arguments.context().ansi();
        return Optional.of(arguments.call(result, nullable));
    }

    private static Kernel kernel(BoundCall call, List<Kernel> kernels, ArithmeticOperator op, boolean tries) {
        Kernel left = kernels.get(0);
        Kernel right = kernels.get(1);
        DataType type = call.type();
        return (batch, rows, context) -> apply(
                op,
                type,
                left.evaluate(batch, rows, context),
                right.evaluate(batch, rows, context),
                rows,
                tries ? EvalMode.TRY : EvalMode.of(context));
    }

    static ColumnVector apply(
            ArithmeticOperator op,
            DataType type,
            ColumnVector left,
            ColumnVector right,
            Selection rows,
            EvalMode mode) {
        if (left instanceof LongVector a) {
            return IntegerArithmetic.longs(op, a, (LongVector) right, rows, mode);
        } else if (left instanceof IntVector a) {
            return IntegerArithmetic.ints(op, (AtomicType) type, a, (IntVector) right, rows, mode);
        } else if (left instanceof DoubleVector a) {
            return FloatingArithmetic.doubles(op, a, (DoubleVector) right, rows, mode);
        } else if (left instanceof FloatVector a) {
            return FloatingArithmetic.floats(op, a, (FloatVector) right, rows, mode);
        }
        DecimalType decimal = type instanceof DecimalType d ? d : DecimalType.USER_DEFAULT;
        return DecimalArithmetic.apply(op, decimal, (DecimalVector) left, (DecimalVector) right, rows, mode);
    }
}
