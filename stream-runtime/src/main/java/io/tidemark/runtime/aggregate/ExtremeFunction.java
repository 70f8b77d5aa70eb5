package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.Rows;
import io.tidemark.runtime.expression.function.TypeCoercion;
import java.util.List;

/**
 * The least or greatest value of any type with an order; null values do not count. Of equal values that differ, as 0.0 and
 * -0.0, the first stays.
 */
record ExtremeFunction(DataType type, boolean isMax) implements AggregateFunction {
    static AggregateFunction min(Arguments arguments) {
        return of(arguments.count(1), false);
    }

    static AggregateFunction max(Arguments arguments) {
        return of(arguments.count(1), true);
    }

    /** {@code bool_and} keeps the least truth value, {@code bool_or} the greatest. */
    static AggregateFunction ofTruth(Arguments arguments, boolean isMax) {
        requireTruth(arguments);
        return of(arguments, isMax);
    }

    /** Requires one boolean; under ANSI rules a string becomes one. */
    static void requireTruth(Arguments arguments) {
        if (arguments.count(1).type(0) == AtomicType.STRING
                && !arguments.context().ansi()) {
            throw arguments.mismatch(0, "BOOLEAN");
        }
        arguments.cast(0, AtomicType.BOOLEAN);
    }

    private static AggregateFunction of(Arguments arguments, boolean isMax) {
        if (!TypeCoercion.isOrderable(arguments.type(0))) {
            throw arguments.mismatch(0, "a type with an order");
        }
        return new ExtremeFunction(arguments.type(0), isMax);
    }

    @Override
    public String name() {
        return isMax ? "max" : "min";
    }

    @Override
    public boolean nullable() {
        return true;
    }

    @Override
    public List<StructField> buffer() {
        return List.of(new StructField(name(), type));
    }

    @Override
    public Accumulator accumulator() {
        return new Extremes(GroupValues.of(type), isMax);
    }

    private static final class Extremes extends GroupedAccumulator {
        private final GroupValues best;
        private final boolean isMax;

        Extremes(GroupValues best, boolean isMax) {
            this.best = best;
            this.isMax = isMax;
        }

        @Override
        void resize(int newCapacity) {
            best.grow(newCapacity);
        }

        @Override
        public void update(int[] groups, List<? extends ColumnVector> arguments, Selection rows) {
            ColumnVector input = arguments.get(0);
            Selection valid = Rows.valid(rows, input.validity());
            if (!valid.isEmpty()) {
                best.keepExtremes(groups, input, valid, isMax);
                best.settle();
            }
        }

        @Override
        public void merge(int[] groups, List<? extends ColumnVector> buffers, Selection rows) {
            update(groups, buffers, rows);
        }

        @Override
        public List<ColumnVector> buffers(int groups) {
            return List.of(results(groups));
        }

        @Override
        public ColumnVector results(int groups) {
            return best.column(groups);
        }

        @Override
        public long memoryBytes() {
            return best.memoryBytes();
        }
    }
}
