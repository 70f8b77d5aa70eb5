package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import java.util.List;

/** {@code if}, {@code case}, {@code coalesce} and their kin: arguments are computed only for the rows that need them. */
final class ConditionalFunctions {
    private ConditionalFunctions() {}

    static List<FunctionDefinition> all() {
        return List.of(
                Builtin.of(
                        "if",
                        arguments -> bindBranches(arguments.count(3)),
                        (call, kernels) -> branches(call.type(), kernels)),
                Builtin.of(
                        "case",
                        arguments -> bindBranches(arguments.count(2, Integer.MAX_VALUE)),
                        (call, kernels) -> branches(call.type(), kernels)),
                Builtin.of(
                        "coalesce",
                        arguments -> bindCoalesce(arguments.count(1, Integer.MAX_VALUE)),
                        ConditionalFunctions::coalesceKernel),
                Builtin.of("nvl", arguments -> bindCoalesce(arguments.count(2)), ConditionalFunctions::coalesceKernel)
                        .alias("ifnull"),
                Builtin.of("nvl2", ConditionalFunctions::bindNvl2, ConditionalFunctions::expanded),
                Builtin.of("nullif", ConditionalFunctions::bindNullIf, ConditionalFunctions::expanded),
                Builtin.of("nanvl", ConditionalFunctions::bindNanvl, ConditionalFunctions::expanded));
    }

    /** Conditions stand at 0, 2, 4 …, each followed by its value; an odd last argument is the value of other rows. */
    private static BoundExpression bindBranches(Arguments arguments) {
        int size = arguments.size();
        boolean hasElse = size % 2 == 1;
        DataType common = AtomicType.NULL;
        boolean nullable = !hasElse;
        for (int i = 0; i < size; i++) {
            if (isCondition(i, size)) {
                if (arguments.type(i) != AtomicType.BOOLEAN && arguments.type(i) != AtomicType.NULL) {
                    throw arguments.mismatch(i, "BOOLEAN");
                }
                arguments.cast(i, AtomicType.BOOLEAN);
            } else {
                int at = i;
                DataType soFar = common;
                common = TypeCoercion.commonType(
                                soFar, arguments.type(i), arguments.context().ansi())
                        .orElseThrow(() -> arguments.mismatch(at, soFar.sql()));
                nullable |= arguments.get(i).nullable();
            }
        }
        for (int i = 0; i < size; i++) {
            if (!isCondition(i, size)) {
                arguments.set(i, TypeCoercion.castIfNeeded(arguments.get(i), common, arguments.context()));
            }
        }
        return arguments.call(common, nullable);
    }

    private static boolean isCondition(int index, int size) {
        return index % 2 == 0 && index < size - 1;
    }

    private static Kernel branches(DataType type, List<Kernel> kernels) {
        int conditions = kernels.size() / 2;
        return (batch, rows, context) -> {
            RowChoice choice = new RowChoice(type, rows);
            Selection open = rows;
            for (int i = 0; i < conditions && !open.isEmpty(); i++) {
                BooleanVector condition = (BooleanVector) kernels.get(2 * i).evaluate(batch, open, context);
                Selection hit = Rows.where(open, condition);
                if (!hit.isEmpty()) {
                    choice.take(kernels.get(2 * i + 1).evaluate(batch, hit, context), hit);
                    open = Rows.whereNot(open, condition);
                }
            }
            if (kernels.size() % 2 == 1 && !open.isEmpty()) {
                choice.take(kernels.get(kernels.size() - 1).evaluate(batch, open, context), open);
            }
            return choice.build();
        };
    }

    private static BoundExpression bindCoalesce(Arguments arguments) {
        DataType common = arguments.castToCommonType(0);
        return arguments.call(common, arguments.list().stream().allMatch(BoundExpression::nullable));
    }

    private static Kernel coalesceKernel(BoundCall call, List<Kernel> kernels) {
        return (batch, rows, context) -> {
            RowChoice choice = new RowChoice(call.type(), rows);
            Selection open = rows;
            for (int i = 0; i < kernels.size() && !open.isEmpty(); i++) {
                ColumnVector column = kernels.get(i).evaluate(batch, open, context);
                Selection given = Rows.valid(open, column.validity());
                choice.take(column, given);
                open = Rows.nulls(open, column.validity());
            }
            return choice.build();
        };
    }

    private static BoundExpression bindNvl2(Arguments arguments) {
        arguments.count(3);
        BoundExpression test = bind("isnotnull", arguments, arguments.get(0));
        return bind("if", arguments, test, arguments.get(1), arguments.get(2));
    }

    private static BoundExpression bindNullIf(Arguments arguments) {
        arguments.count(2);
        BoundExpression value = arguments.get(0);
        BoundExpression test = bind("=", arguments, value, arguments.get(1));
        return bind("if", arguments, test, new Constant(null, value.type()), value);
    }

    private static BoundExpression bindNanvl(Arguments arguments) {
        arguments.count(2);
        BoundExpression value =
                TypeCoercion.isFloating(arguments.type(0)) ? arguments.get(0) : arguments.cast(0, AtomicType.DOUBLE);
        BoundExpression test = bind("isnan", arguments, value);
        BoundExpression other = arguments.cast(1, value.type());
        return bind("if", arguments, test, other, value);
    }

    private static BoundExpression bind(String function, Arguments arguments, BoundExpression... operands) {
        return arguments.context().registry().builtin(function).bind(List.of(operands), arguments.context());
    }

    private static Kernel expanded(BoundCall call, List<Kernel> kernels) {
        throw new IllegalStateException(call.function().name() + " is expanded when it is bound");
    }
}
