package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.Rows;
import io.tidemark.runtime.expression.function.TypeCoercion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The value, which may be null, of the row where another is least or greatest; rows where that is null do not count. Of several
 * such rows the last one counts, though of equal orderings that differ, as 0.0 and -0.0, the first is kept.
 */
record ExtremeByFunction(DataType type, DataType ordering, boolean isMax) implements AggregateFunction {
    static AggregateFunction bind(Arguments arguments, boolean isMax) {
        arguments.count(2);
        if (!TypeCoercion.isOrderable(arguments.type(1))) {
            throw arguments.mismatch(1, "a type with an order");
        }
        return new ExtremeByFunction(arguments.type(0), arguments.type(1), isMax);
    }

    @Override
    public String name() {
        return isMax ? "max_by" : "min_by";
    }

    @Override
    public boolean nullable() {
        return true;
    }

    @Override
    public List<StructField> buffer() {
        return List.of(
                new StructField("valueWithExtremumOrdering", type), new StructField("extremumOrdering", ordering));
    }

    @Override
    public Accumulator accumulator() {
        return new Extremes(this);
    }

    private static final class Extremes extends GroupedAccumulator {
        private final GroupValues values;
        private final GroupValues orderings;
        private final int sign;

        Extremes(ExtremeByFunction function) {
            this.values = GroupValues.of(function.type);
            this.orderings = GroupValues.of(function.ordering);
            this.sign = function.isMax ? 1 : -1;
        }

        @Override
        void resize(int newCapacity) {
            values.grow(newCapacity);
            orderings.grow(newCapacity);
        }

        @Override
        public void update(int[] groups, List<? extends ColumnVector> arguments, Selection rows) {
            ColumnVector value = arguments.get(0);
            ColumnVector ordering = arguments.get(1);
            Selection valid = Rows.valid(rows, ordering.validity());
            int @Nullable [] at = valid.positions();
            for (int i = 0; i < valid.count(); i++) {
                int row = at == null ? i : at[i];
                int group = groups[row];
                int order = orderings.isNull(group) ? -1 : sign * orderings.compare(group, ordering, row);
                if (order <= 0) {
                    values.set(group, value, row);
                }
                if (order < 0) {
                    orderings.set(group, ordering, row);
                }
            }
            values.settle();
            orderings.settle();
        }

        @Override
        public void merge(int[] groups, List<? extends ColumnVector> buffers, Selection rows) {
            update(groups, buffers, rows);
        }

        @Override
        public List<ColumnVector> buffers(int groups) {
            return List.of(values.column(groups), orderings.column(groups));
        }

        @Override
        public ColumnVector results(int groups) {
            return values.column(groups);
        }

        @Override
        public long memoryBytes() {
            return values.memoryBytes() + orderings.memoryBytes();
        }
    }
}
