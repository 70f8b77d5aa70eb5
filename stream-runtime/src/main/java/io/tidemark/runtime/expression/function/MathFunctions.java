package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.Validity;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;

/** Roots, powers, logarithms and angles: double in, double out. */
final class MathFunctions {
    private static final double LN_2 = StrictMath.log(2);

    private MathFunctions() {}

    static List<FunctionDefinition> all() {
        return List.of(
                unary("sqrt", Math::sqrt),
                unary("cbrt", Math::cbrt),
                unary("exp", StrictMath::exp),
                unary("expm1", StrictMath::expm1),
                unary("rint", Math::rint),
                unary("sin", Math::sin),
                unary("cos", Math::cos),
                unary("tan", Math::tan),
                unary("asin", Math::asin),
                unary("acos", Math::acos),
                unary("atan", Math::atan),
                unary("degrees", Math::toDegrees),
                unary("radians", Math::toRadians),
                partial("ln", x -> x > 0 || Double.isNaN(x), StrictMath::log),
                partial("log10", x -> x > 0 || Double.isNaN(x), StrictMath::log10),
                partial("log2", x -> x > 0 || Double.isNaN(x), x -> StrictMath.log(x) / LN_2),
                partial("log1p", x -> x > -1 || Double.isNaN(x), StrictMath::log1p),
                binary("pow", StrictMath::pow).alias("power"),
                binary("atan2", (y, x) -> Math.atan2(y + 0.0, x + 0.0)),
                binary("hypot", Math::hypot),
                Builtin.of("log", MathFunctions::bindLog, (call, kernels) -> logKernel(kernels)));
    }

    /** A function defined for every double. */
    static Builtin unary(String name, DoubleUnaryOperator operator) {
        return Builtin.of(
                name,
                arguments -> arguments.count(1).castAll(0, AtomicType.DOUBLE).call(AtomicType.DOUBLE),
                (call, kernels) -> {
                    Kernel input = kernels.get(0);
                    return (batch, rows, context) -> {
                        DoubleVector column = (DoubleVector) input.evaluate(batch, rows, context);
                        double[] in = column.values();
                        double[] out = new double[rows.limit()];
                        int[] at = rows.positions();
                        for (int i = 0; i < rows.count(); i++) {
                            int row = at == null ? i : at[i];
                            out[row] = operator.applyAsDouble(in[row]);
                        }
                        return new DoubleVector(AtomicType.DOUBLE, out.length, out, column.validity());
                    };
                });
    }

    /** A function that is null outside its domain. */
    private static Builtin partial(String name, DoublePredicate domain, DoubleUnaryOperator operator) {
        return Builtin.of(
                name,
                arguments -> arguments.count(1).castAll(0, AtomicType.DOUBLE).call(AtomicType.DOUBLE, true),
                (call, kernels) -> {
                    Kernel input = kernels.get(0);
                    return (batch, rows, context) -> {
                        DoubleVector column = (DoubleVector) input.evaluate(batch, rows, context);
                        double[] in = column.values();
                        double[] out = new double[rows.limit()];
                        NullMask nulls = new NullMask(out.length, column.validity());
                        int[] at = rows.positions();
                        for (int i = 0; i < rows.count(); i++) {
                            int row = at == null ? i : at[i];
                            if (domain.test(in[row])) {
                                out[row] = operator.applyAsDouble(in[row]);
                            } else {
                                nulls.setNull(row);
                            }
                        }
                        return new DoubleVector(AtomicType.DOUBLE, out.length, out, nulls.bits());
                    };
                });
    }

    private static Builtin binary(String name, DoubleBinaryOperator operator) {
        return Builtin.of(
                name,
                arguments -> arguments.count(2).castAll(0, AtomicType.DOUBLE).call(AtomicType.DOUBLE),
                (call, kernels) -> (batch, rows, context) -> {
                    DoubleVector left = (DoubleVector) kernels.get(0).evaluate(batch, rows, context);
                    DoubleVector right = (DoubleVector) kernels.get(1).evaluate(batch, rows, context);
                    return combine(left, right, rows, operator);
                });
    }

    private static DoubleVector combine(
            DoubleVector left, DoubleVector right, Selection rows, DoubleBinaryOperator operator) {
        double[] a = left.values();
        double[] b = right.values();
        double[] out = new double[rows.limit()];
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            out[row] = operator.applyAsDouble(a[row], b[row]);
        }
        return new DoubleVector(AtomicType.DOUBLE, out.length, out, Validity.and(left.validity(), right.validity()));
    }

    /** With one argument it is {@code ln}, with two the first is the base. */
    private static BoundExpression bindLog(Arguments arguments) {
        arguments.count(1, 2);
        if (arguments.size() == 1) {
            return arguments.context().registry().builtin("ln").bind(arguments.list(), arguments.context());
        }
        return arguments.castAll(0, AtomicType.DOUBLE).call(AtomicType.DOUBLE, true);
    }

    private static Kernel logKernel(List<Kernel> kernels) {
        return (batch, rows, context) -> {
            DoubleVector bases = (DoubleVector) kernels.get(0).evaluate(batch, rows, context);
            DoubleVector values = (DoubleVector) kernels.get(1).evaluate(batch, rows, context);
            double[] out = new double[rows.limit()];
            NullMask nulls = new NullMask(out.length, Validity.and(bases.validity(), values.validity()));
            int[] at = rows.positions();
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                double base = bases.values()[row];
                double value = values.values()[row];
                if (base <= 0 || value <= 0) {
                    nulls.setNull(row);
                } else {
                    out[row] = StrictMath.log(value) / StrictMath.log(base);
                }
            }
            return new DoubleVector(AtomicType.DOUBLE, out.length, out, nulls.bits());
        };
    }
}
