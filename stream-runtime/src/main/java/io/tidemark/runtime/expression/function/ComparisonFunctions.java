package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.FloatVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.Validity;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import java.util.ArrayList;
import java.util.List;

/** Comparisons, tests for null and NaN, {@code in}, {@code greatest} and {@code least}. */
final class ComparisonFunctions {
    private ComparisonFunctions() {}

    static List<FunctionDefinition> all() {
        return List.of(
                comparison(ComparisonOperator.EQUAL).alias("=="),
                comparison(ComparisonOperator.NOT_EQUAL).alias("<>"),
                comparison(ComparisonOperator.LESS),
                comparison(ComparisonOperator.LESS_OR_EQUAL),
                comparison(ComparisonOperator.GREATER),
                comparison(ComparisonOperator.GREATER_OR_EQUAL),
                Builtin.of(
                                "<=>",
                                arguments -> {
                                    castToComparable(arguments.count(2));
                                    return arguments.call(AtomicType.BOOLEAN, false);
                                },
                                ComparisonFunctions::nullSafeKernel)
                        .alias("equal_null"),
                Builtin.of("in", InFunction::bind, InFunction::kernel),
                nullTest("isnull", true),
                nullTest("isnotnull", false),
                Builtin.of("isnan", ComparisonFunctions::bindIsNan, ComparisonFunctions::isNanKernel),
                extreme("greatest", ComparisonOperator.GREATER),
                extreme("least", ComparisonOperator.LESS));
    }

    private static Builtin comparison(ComparisonOperator operator) {
        return Builtin.of(
                operator.symbol(),
                arguments -> {
                    castToComparable(arguments.count(2));
                    return arguments.call(AtomicType.BOOLEAN);
                },
                (call, kernels) -> {
                    Comparison comparison =
                            new Comparison(operator, call.arguments().get(0).type());
                    Kernel left = kernels.get(0);
                    Kernel right = kernels.get(1);
                    return (batch, rows, context) -> comparison.compare(
                            left.evaluate(batch, rows, context), right.evaluate(batch, rows, context), rows);
                });
    }

    /** Brings both sides to one type that has an order. */
    private static void castToComparable(Arguments arguments) {
        DataType left = arguments.type(0);
        DataType right = arguments.type(1);
        boolean ansi = arguments.context().ansi();
        DataType common = TypeCoercion.comparisonType(left, right, ansi)
                .orElseThrow(() -> arguments.mismatch(left.sql() + " and " + right.sql()
                        + " cannot be compared. Cast one of them to the type of the other."));
        if (TypeCoercion.isNumeric(common)
                && common.equals(TypeCoercion.commonType(left, right, ansi).orElse(null))) {
            common = withConstantDigits(arguments, common);
        }
        if (!TypeCoercion.isOrderable(common)) {
            throw arguments.mismatch("there is no order on " + common.sql() + ".");
        }
        for (int i = 0; i < 2; i++) {
            arguments.set(i, TypeCoercion.castIfNeeded(arguments.get(i), common, arguments.context()));
        }
    }

    /** A decimal compared with an integer constant needs no more digits than the constant has. */
    private static DataType withConstantDigits(Arguments arguments, DataType common) {
        if (!(common instanceof DecimalType)) {
            return common;
        }
        return TypeCoercion.widerDecimal(
                TypeCoercion.decimalForOperand(arguments.get(0)), TypeCoercion.decimalForOperand(arguments.get(1)));
    }

    private static Kernel nullSafeKernel(BoundCall call, List<Kernel> kernels) {
        Comparison comparison =
                new Comparison(ComparisonOperator.EQUAL, call.arguments().get(0).type());
        Kernel left = kernels.get(0);
        Kernel right = kernels.get(1);
        return (batch, rows, context) -> {
            ColumnVector a = left.evaluate(batch, rows, context);
            ColumnVector b = right.evaluate(batch, rows, context);
            BooleanVector equal = comparison.compare(a, b, rows);
            if (equal.validity() == null) {
                return equal;
            }
            boolean[] values = equal.values();
            boolean[] out = new boolean[rows.limit()];
            for (int i = 0; i < out.length; i++) {
                boolean leftNull = a.isNull(i);
                boolean rightNull = b.isNull(i);
                out[i] = (leftNull || rightNull) ? (leftNull && rightNull) : values[i];
            }
            return new BooleanVector(AtomicType.BOOLEAN, out.length, out, null);
        };
    }

    private static Builtin nullTest(String name, boolean wanted) {
        return Builtin.of(name, arguments -> arguments.count(1).call(AtomicType.BOOLEAN, false), (call, kernels) -> {
            Kernel input = kernels.get(0);
            return (batch, rows, context) -> {
                long[] validity = input.evaluate(batch, rows, context).validity();
                boolean[] out = new boolean[rows.limit()];
                for (int i = 0; i < out.length; i++) {
                    out[i] = Validity.isValid(validity, i) != wanted;
                }
                return new BooleanVector(AtomicType.BOOLEAN, out.length, out, null);
            };
        });
    }

    private static BoundExpression bindIsNan(Arguments arguments) {
        arguments.count(1);
        if (!TypeCoercion.isFloating(arguments.type(0))) {
            arguments.cast(0, AtomicType.DOUBLE);
        }
        return arguments.call(AtomicType.BOOLEAN, false);
    }

    private static Kernel isNanKernel(BoundCall call, List<Kernel> kernels) {
        Kernel input = kernels.get(0);
        return (batch, rows, context) -> {
            ColumnVector column = input.evaluate(batch, rows, context);
            boolean[] out = new boolean[rows.limit()];
            if (column instanceof FloatVector floats) {
                for (int i = 0; i < out.length; i++) {
                    out[i] = Float.isNaN(floats.values()[i]) && !column.isNull(i);
                }
            } else {
                double[] values = ((DoubleVector) column).values();
                for (int i = 0; i < out.length; i++) {
                    out[i] = Double.isNaN(values[i]) && !column.isNull(i);
                }
            }
            return new BooleanVector(AtomicType.BOOLEAN, out.length, out, null);
        };
    }

    private static Builtin extreme(String name, ComparisonOperator better) {
        return Builtin.of(name, ComparisonFunctions::bindExtreme, (call, kernels) -> {
            RowComparator order = RowComparator.of(call.type());
            return (batch, rows, context) -> {
                List<ColumnVector> columns = new ArrayList<>(kernels.size());
                kernels.forEach(k -> columns.add(k.evaluate(batch, rows, context)));
                return best(call.type(), columns, rows, order, better);
            };
        });
    }

    private static BoundExpression bindExtreme(Arguments arguments) {
        arguments.count(2, Integer.MAX_VALUE);
        long strings = arguments.list().stream()
                .filter(a -> a.type() == AtomicType.STRING)
                .count();
        long nulls = arguments.list().stream()
                .filter(a -> a.type() == AtomicType.NULL)
                .count();
        if (strings > 0 && strings + nulls < arguments.size()) {
            throw arguments.mismatch("strings and other types do not go together. Cast them to one type.");
        }
        DataType common = arguments.castToCommonType(0);
        if (!TypeCoercion.isOrderable(common)) {
            throw arguments.mismatch("there is no order on " + common.sql() + ".");
        }
        return arguments.call(common, arguments.list().stream().allMatch(BoundExpression::nullable));
    }

    private static ColumnVector best(
            DataType type, List<ColumnVector> columns, Selection rows, RowComparator order, ComparisonOperator better) {
        int[] which = Conversions.allNull(rows.limit());
        int[] index = new int[rows.limit()];
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            index[row] = row;
            for (int c = 0; c < columns.size(); c++) {
                ColumnVector column = columns.get(c);
                if (!column.isNull(row)
                        && (which[row] < 0
                                || better.accepts(order.compare(column, row, columns.get(which[row]), row)))) {
                    which[row] = c;
                }
            }
        }
        return VectorGather.gather(type, columns, which, index, rows.limit());
    }
}
