package io.tidemark.runtime.expression.function;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.BytesVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.BoundExpression.BoundCall;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** {@code value in (choice, …)}: null if the value is, or if there is no match but a null among the choices. */
final class InFunction {
    private InFunction() {}

    static BoundExpression bind(Arguments arguments) {
        arguments.count(2, Integer.MAX_VALUE);
        DataType common = arguments.castToCommonType(0);
        if (!TypeCoercion.isOrderable(common)) {
            throw arguments.mismatch("there is no order on " + common.sql() + ".");
        }
        return arguments.call(AtomicType.BOOLEAN);
    }

    static Kernel kernel(BoundCall call, List<Kernel> kernels) {
        DataType type = call.arguments().get(0).type();
        List<BoundExpression> choices =
                call.arguments().subList(1, call.arguments().size());
        Kernel value = kernels.get(0);
        if (!choices.stream().allMatch(c -> c instanceof Constant)) {
            return general(value, kernels.subList(1, kernels.size()), RowComparator.of(type));
        }
        List<Object> constants = new ArrayList<>();
        choices.forEach(c -> {
            Object constant = ((Constant) c).value();
            if (constant != null) {
                constants.add(constant);
            }
        });
        boolean nullAmongThem = constants.size() < choices.size();
        ConstantSet set = ConstantSet.of(type, column(type, constants));
        return (batch, rows, context) -> {
            ColumnVector column = value.evaluate(batch, rows, context);
            return lookUp(column, rows, set.membership(column), nullAmongThem);
        };
    }

    private static ColumnVector column(DataType type, List<Object> values) {
        VectorBuilder builder = VectorBuilder.of(type, values.size());
        values.forEach(builder::append);
        return builder.build();
    }

    private static ColumnVector lookUp(
            ColumnVector column, Selection rows, IntPredicate membership, boolean nullAmongThem) {
        boolean[] out = new boolean[rows.limit()];
        NullMask nulls = new NullMask(out.length, column.validity());
        int[] at = rows.positions();
        for (int i = 0; i < rows.count(); i++) {
            int row = at == null ? i : at[i];
            if (nulls.isValid(row)) {
                out[row] = membership.test(row);
                if (nullAmongThem && !out[row]) {
                    nulls.setNull(row);
                }
            }
        }
        return new BooleanVector(AtomicType.BOOLEAN, out.length, out, nulls.bits());
    }

    private static Kernel general(Kernel value, List<Kernel> choices, RowComparator order) {
        return (batch, rows, context) -> {
            ColumnVector column = value.evaluate(batch, rows, context);
            boolean[] out = new boolean[rows.limit()];
            boolean[] sawNull = new boolean[rows.limit()];
            NullMask nulls = new NullMask(out.length, column.validity());
            Selection open = Rows.valid(rows, column.validity());
            for (Kernel choice : choices) { // rows that have found their match do not look at later choices
                ColumnVector candidate = choice.evaluate(batch, open, context);
                int[] left = new int[open.count()];
                int count = 0;
                for (int i = 0; i < open.count(); i++) {
                    int row = open.at(i);
                    sawNull[row] |= candidate.isNull(row);
                    out[row] = !candidate.isNull(row) && order.compare(column, row, candidate, row) == 0;
                    if (!out[row]) {
                        left[count++] = row;
                    }
                }
                open = Selection.of(left, count);
            }
            for (int i = 0; i < open.count(); i++) {
                if (sawNull[open.at(i)]) {
                    nulls.setNull(open.at(i));
                }
            }
            return new BooleanVector(AtomicType.BOOLEAN, out.length, out, nulls.bits());
        };
    }

    /** The constants to look a value up in. */
    private interface ConstantSet {
        /** Returns the test whether the value at a row that is not null is among the constants. */
        IntPredicate membership(ColumnVector column);

        static ConstantSet of(DataType type, ColumnVector constants) {
            if (constants instanceof IntVector || constants instanceof LongVector) {
                LongSet set = new LongSet(constants);
                return column -> {
                    if (column instanceof IntVector ints) {
                        int[] values = ints.values();
                        return row -> set.contains(values[row]);
                    }
                    long[] values = ((LongVector) column).values();
                    return row -> set.contains(values[row]);
                };
            } else if (constants instanceof BytesVector bytes) {
                BytesSet set = new BytesSet(bytes);
                return column -> {
                    BytesVector text = (BytesVector) column;
                    return row -> set.contains(text.data(), text.starts()[row], text.lengths()[row]);
                };
            }
            RowComparator order = RowComparator.of(type);
            return column -> row -> {
                for (int i = 0; i < constants.length(); i++) {
                    if (order.compare(column, row, constants, i) == 0) {
                        return true;
                    }
                }
                return false;
            };
        }
    }
}
