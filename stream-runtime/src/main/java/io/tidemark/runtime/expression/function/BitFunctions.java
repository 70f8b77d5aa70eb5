package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.Validity;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import java.util.List;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/** Operators on the bits of integers. */
final class BitFunctions {
    private BitFunctions() {}

    static List<FunctionDefinition> all() {
        return List.of(
                combining("&", (a, b) -> a & b),
                combining("|", (a, b) -> a | b),
                combining("^", (a, b) -> a ^ b),
                Builtin.of("~", arguments -> arguments.count(1).call(integral(arguments, 0)), (call, kernels) -> {
                    Kernel input = kernels.get(0);
                    return (batch, rows, context) -> {
                        ColumnVector column = input.evaluate(batch, rows, context);
                        return apply(call.type(), column, column, rows, column.validity(), (a, b) -> ~a);
                    };
                }),
                shift("shiftleft", "<<", (a, n) -> (int) a << n, (a, n) -> a << n),
                shift("shiftright", ">>", (a, n) -> (int) a >> n, (a, n) -> a >> n),
                shift("shiftrightunsigned", ">>>", (a, n) -> (int) a >>> n, (a, n) -> a >>> n));
    }

    private static DataType integral(Arguments arguments, int index) {
        DataType type = arguments.type(index);
        if (type == AtomicType.NULL && arguments.size() == 2 && TypeCoercion.isIntegral(arguments.type(1 - index))) {
            arguments.cast(index, arguments.type(1 - index));
        } else if (type == AtomicType.STRING || type == AtomicType.NULL) {
            arguments.cast(index, AtomicType.BIGINT);
        } else if (!TypeCoercion.isIntegral(type)) {
            throw arguments.mismatch(index, "an integral type");
        }
        return arguments.type(index);
    }

    private static Builtin combining(String name, LongBinaryOperator operator) {
        return Builtin.of(
                name,
                arguments -> {
                    arguments.count(2);
                    integral(arguments, 0);
                    integral(arguments, 1);
                    return arguments.call(arguments.castToCommonType(0));
                },
                (call, kernels) -> (batch, rows, context) -> {
                    ColumnVector left = kernels.get(0).evaluate(batch, rows, context);
                    ColumnVector right = kernels.get(1).evaluate(batch, rows, context);
                    long[] validity = Validity.and(left.validity(), right.validity());
                    return apply(call.type(), left, right, rows, validity, operator);
                });
    }

    private static Builtin shift(String name, String symbol, LongBinaryOperator onInts, LongBinaryOperator onLongs) {
        return Builtin.of(name, BitFunctions::bindShift, (call, kernels) -> (batch, rows, context) -> {
                    ColumnVector left = kernels.get(0).evaluate(batch, rows, context);
                    ColumnVector right = kernels.get(1).evaluate(batch, rows, context);
                    long[] validity = Validity.and(left.validity(), right.validity());
                    LongBinaryOperator operator = call.type() == AtomicType.INT ? onInts : onLongs;
                    return apply(call.type(), left, right, rows, validity, operator);
                })
                .alias(symbol);
    }

    private static BoundExpression bindShift(Arguments arguments) {
        arguments.count(2);
        if (integral(arguments, 0) != AtomicType.BIGINT) {
            arguments.cast(0, AtomicType.INT);
        }
        arguments.cast(1, AtomicType.INT);
        return arguments.call(arguments.type(0));
    }

    private static ColumnVector apply(
            DataType type,
            ColumnVector left,
            ColumnVector right,
            Selection rows,
            long @Nullable [] validity,
            LongBinaryOperator operator) {
        long[] a = NumberConversions.toLongs(left, rows.limit());
        long[] b = NumberConversions.toLongs(right, rows.limit());
        int limit = rows.limit();
        if (type == AtomicType.BIGINT) {
            long[] out = new long[limit];
            for (int i = 0; i < limit; i++) {
                out[i] = operator.applyAsLong(a[i], b[i]);
            }
            return new LongVector(type, limit, out, validity);
        }
        int[] out = new int[limit];
        for (int i = 0; i < limit; i++) {
            out[i] = (int) operator.applyAsLong(a[i], b[i]);
        }
        return new IntVector(type, limit, out, validity);
    }
}
