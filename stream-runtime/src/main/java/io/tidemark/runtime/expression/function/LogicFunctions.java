package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.Validity;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.FunctionDefinition;
import io.tidemark.runtime.expression.Kernel;
import java.util.Arrays;
import java.util.List;

/** {@code and}, {@code or}, {@code not} with three truth values. The right side sees only rows the left leaves open. */
final class LogicFunctions {
    private LogicFunctions() {}

    static List<FunctionDefinition> all() {
        return List.of(
                junction("and", false),
                junction("or", true),
                Builtin.of("not", arguments -> bind(arguments.count(1)), LogicFunctions::notKernel)
                        .alias("!"));
    }

    /** Strings are taken for truth values under ANSI rules only. */
    private static BoundExpression bind(Arguments arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.type(i) == AtomicType.STRING && !arguments.context().ansi()) {
                throw arguments.mismatch(i, "BOOLEAN");
            }
        }
        return arguments.castAll(0, AtomicType.BOOLEAN).call(AtomicType.BOOLEAN);
    }

    /** @param deciding the value on either side that decides the outcome: false for {@code and}, true for {@code or} */
    private static Builtin junction(String name, boolean deciding) {
        return Builtin.of(name, arguments -> bind(arguments.count(2)), (call, kernels) -> {
            Kernel left = kernels.get(0);
            Kernel right = kernels.get(1);
            return (batch, rows, context) -> {
                BooleanVector first = (BooleanVector) left.evaluate(batch, rows, context);
                Selection open = undecided(first, rows, deciding);
                if (open.isEmpty()) {
                    boolean[] out = new boolean[rows.limit()];
                    Arrays.fill(out, deciding);
                    return new BooleanVector(AtomicType.BOOLEAN, out.length, out, null);
                }
                BooleanVector second = (BooleanVector) right.evaluate(batch, open, context);
                return join(first, second, rows.limit(), open, deciding);
            };
        });
    }

    private static Selection undecided(BooleanVector first, Selection rows, boolean deciding) {
        boolean[] values = first.values();
        long[] validity = first.validity();
        int[] at = rows.positions();
        int[] open = new int[rows.count()];
        int count = 0;
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            open[count] = row;
            count += values[row] != deciding || !Validity.isValid(validity, row) ? 1 : 0;
        }
        return count == rows.count() ? rows : Selection.of(open, count);
    }

    private static ColumnVector join(
            BooleanVector first, BooleanVector second, int limit, Selection open, boolean deciding) {
        boolean[] out = new boolean[limit];
        Arrays.fill(out, deciding);
        NullMask nulls = new NullMask(limit, null);
        boolean[] values = second.values();
        long[] firstValid = first.validity();
        long[] secondValid = second.validity();
        int[] at = open.positions();
        for (int i = 0; i < open.count(); i++) {
            int row = at == null ? i : at[i];
            if (!Validity.isValid(secondValid, row)) {
                nulls.setNull(row);
            } else if (values[row] != deciding) {
                out[row] = !deciding;
                if (!Validity.isValid(firstValid, row)) {
                    nulls.setNull(row);
                }
            }
        }
        return new BooleanVector(AtomicType.BOOLEAN, limit, out, nulls.bits());
    }

    private static Kernel notKernel(BoundCall call, List<Kernel> kernels) {
        Kernel input = kernels.get(0);
        return (batch, rows, context) -> {
            BooleanVector column = (BooleanVector) input.evaluate(batch, rows, context);
            boolean[] values = column.values();
            boolean[] out = new boolean[rows.limit()];
            for (int i = 0; i < out.length; i++) {
                out[i] = !values[i];
            }
            return new BooleanVector(AtomicType.BOOLEAN, out.length, out, column.validity());
        };
    }
}
