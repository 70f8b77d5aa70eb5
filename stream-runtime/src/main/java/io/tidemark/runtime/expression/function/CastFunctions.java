package io.tidemark.runtime.expression.function;

import io.tidemark.api.plan.Expression.CastMode;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.FunctionDefinition;
import java.util.ArrayList;
import java.util.List;

/** The names of types as functions, {@code int('5')} for {@code CAST('5' AS INT)}, and {@code typeof}. */
final class CastFunctions {
    private CastFunctions() {}

    static List<FunctionDefinition> all() {
        List<FunctionDefinition> all = new ArrayList<>();
        for (AtomicType type : AtomicType.values()) {
            if (type != AtomicType.NULL && type != AtomicType.TIMESTAMP_NTZ) {
                all.add(castTo(type.simpleString(), type));
            }
        }
        all.add(castTo("decimal", DecimalType.USER_DEFAULT));
        all.add(Builtin.of(
                "typeof",
                arguments -> new Constant(arguments.count(1).type(0).simpleString(), AtomicType.STRING),
                (call, kernels) -> kernels.get(0)));
        return all;
    }

    private static FunctionDefinition castTo(String name, DataType type) {
        return Builtin.of(
                name,
                arguments -> CastFunction.bind(arguments.count(1).get(0), type, CastMode.CAST, arguments.context()),
                (call, kernels) -> kernels.get(0));
    }
}
