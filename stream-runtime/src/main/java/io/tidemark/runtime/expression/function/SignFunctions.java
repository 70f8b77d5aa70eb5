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
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import java.util.List;

/** Unary minus and plus, {@code abs} and {@code sign}. */
final class SignFunctions {
    private SignFunctions() {}

    static List<FunctionDefinition> all() {
        return List.of(
                Builtin.of(
                        "negative",
                        arguments -> arguments.call(arguments.count(1).numeric(0)),
                        (call, kernels) -> kernel(call, kernels, false)),
                Builtin.of(
                        "positive",
                        arguments -> {
                            arguments.count(1).numeric(0);
                            return arguments.get(0);
                        },
                        (call, kernels) -> kernels.get(0)),
                Builtin.of(
                        "abs",
                        arguments -> arguments.call(arguments.count(1).numeric(0)),
                        (call, kernels) -> kernel(call, kernels, true)),
                MathFunctions.unary("sign", Math::signum).alias("signum"));
    }

    /** @param negativesOnly whether only negative values change their sign */
    private static Kernel kernel(BoundCall call, List<Kernel> kernels, boolean negativesOnly) {
        Kernel input = kernels.get(0);
        DataType type = call.type();
        return (batch, rows, context) -> {
            ColumnVector column = input.evaluate(batch, rows, context);
            int limit = rows.limit();
            if (column instanceof DoubleVector doubles) {
                double[] out = new double[limit];
                double[] in = doubles.values();
                for (int i = 0; i < limit; i++) {
                    out[i] = negativesOnly ? Math.abs(in[i]) : -in[i];
                }
                return new DoubleVector(type, limit, out, column.validity());
            } else if (column instanceof FloatVector floats) {
                float[] out = new float[limit];
                float[] in = floats.values();
                for (int i = 0; i < limit; i++) {
                    out[i] = negativesOnly ? Math.abs(in[i]) : -in[i];
                }
                return new FloatVector(type, limit, out, column.validity());
            } else if (column instanceof DecimalVector decimals) {
                DecimalOutput out =
                        new DecimalOutput((DecimalType) type, limit, column.validity(), EvalMode.of(context));
                int[] at = rows.positions();
                for (int i = 0; i < rows.count(); i++) {
                    int row = at == null ? i : at[i];
                    if (out.isValid(row)) {
                        out.set(
                                row,
                                negativesOnly
                                        ? decimals.decimal(row).abs()
                                        : decimals.decimal(row).negate());
                    }
                }
                return out.build();
            }
            return integers((AtomicType) type, column, rows, negativesOnly, context.ansi());
        };
    }

    private static ColumnVector integers(
            AtomicType type, ColumnVector column, Selection rows, boolean negativesOnly, boolean fails) {
        int limit = rows.limit();
        long least = NumberConversions.min(type);
        if (fails) {
            refuseLeast(type, column, rows, least);
        }
        if (column instanceof LongVector longs) {
            long[] out = new long[limit];
            long[] in = longs.values();
            for (int i = 0; i < limit; i++) {
                out[i] = negativesOnly ? Math.abs(in[i]) : -in[i];
            }
            return new LongVector(type, limit, out, column.validity());
        }
        int[] out = new int[limit];
        int[] in = ((IntVector) column).values();
        for (int i = 0; i < limit; i++) {
            int value = negativesOnly ? Math.abs(in[i]) : -in[i];
            out[i] = NumberConversions.narrow(value, type);
        }
        return new IntVector(type, limit, out, column.validity());
    }

    private static void refuseLeast(AtomicType type, ColumnVector column, Selection rows, long least) {
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            long value = column instanceof LongVector longs ? longs.values()[row] : ((IntVector) column).values()[row];
            if (value == least && !column.isNull(row)) {
                String name =
                        switch (type) {
                            case TINYINT -> "byte";
                            case SMALLINT -> "short";
                            case INT -> "integer";
                            default -> "long";
                        };
                throw EvaluationErrors.overflow(name + " overflow", null);
            }
        }
    }
}
