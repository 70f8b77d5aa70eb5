package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.Rows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The value of the first or the last row, or of the first or last where it is not null. */
record ChosenFunction(DataType type, boolean isLast, boolean ignoresNulls) implements AggregateFunction {
    /** Types {@code first(x [, ignoreNulls])}. */
    static AggregateFunction first(Arguments arguments) {
        return of(arguments, false);
    }

    /** Types {@code last(x [, ignoreNulls])}. */
    static AggregateFunction last(Arguments arguments) {
        return of(arguments, true);
    }

    private static AggregateFunction of(Arguments arguments, boolean isLast) {
        boolean ignoresNulls = false;
        if (arguments.count(1, 2).size() == 2) {
            if (!(arguments.get(1) instanceof Constant constant && constant.value() instanceof Boolean flag)) {
                throw arguments.mismatch(1, "a constant BOOLEAN");
            }
            ignoresNulls = flag;
            arguments.keep(1);
        }
        return new ChosenFunction(arguments.type(0), isLast, ignoresNulls);
    }

    @Override
    public String name() {
        return isLast ? "last" : "first";
    }

    @Override
    public boolean nullable() {
        return true;
    }

    @Override
    public List<StructField> buffer() {
        return List.of(new StructField(name(), type), new StructField("valueSet", AtomicType.BOOLEAN));
    }

    @Override
    public Accumulator accumulator() {
        return new Choices(this);
    }

    private static final class Choices extends GroupedAccumulator {
        private final ChosenFunction function;
        private final GroupValues values;
        private final GroupFlags chosen = new GroupFlags();

        Choices(ChosenFunction function) {
            this.function = function;
            this.values = GroupValues.of(function.type);
        }

        @Override
        void resize(int newCapacity) {
            values.grow(newCapacity);
            chosen.grow(newCapacity);
        }

        @Override
        public void update(int[] groups, List<? extends ColumnVector> arguments, Selection rows) {
            ColumnVector input = arguments.get(0);
            choose(groups, input, function.ignoresNulls ? Rows.valid(rows, input.validity()) : rows);
        }

        @Override
        public void merge(int[] groups, List<? extends ColumnVector> buffers, Selection rows) {
            choose(groups, buffers.get(0), Rows.where(rows, (BooleanVector) buffers.get(1)));
        }

        private void choose(int[] groups, ColumnVector input, Selection rows) {
            int @Nullable [] at = rows.positions();
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                int group = groups[row];
                if (function.isLast || !chosen.isSet(group)) {
                    values.set(group, input, row);
                    chosen.set(group);
                }
            }
            values.settle();
        }

        @Override
        public List<ColumnVector> buffers(int groups) {
            return List.of(
                    values.column(groups),
                    new BooleanVector(AtomicType.BOOLEAN, groups, chosen.booleans(groups), null));
        }

        @Override
        public ColumnVector results(int groups) {
            return values.column(groups);
        }

        @Override
        public long memoryBytes() {
            return values.memoryBytes() + chosen.memoryBytes();
        }
    }
}
