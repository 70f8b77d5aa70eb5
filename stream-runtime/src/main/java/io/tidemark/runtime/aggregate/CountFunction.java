package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.Validity;
import io.tidemark.runtime.expression.BoundExpression;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.Rows;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts the rows where no argument is null; all rows if there are no arguments. */
record CountFunction() implements AggregateFunction {
    /** Types {@code count(x, …)}; arguments that are never null count every row and are dropped. */
    static AggregateFunction bind(Arguments arguments) {
        arguments.count(1, Integer.MAX_VALUE);
        if (arguments.list().stream().noneMatch(BoundExpression::nullable)) {
            arguments.keep(0);
        }
        return new CountFunction();
    }

    @Override
    public String name() {
        return "count";
    }

    @Override
    public DataType type() {
        return AtomicType.BIGINT;
    }

    @Override
    public boolean nullable() {
        return false;
    }

    @Override
    public List<StructField> buffer() {
        return List.of(new StructField("count", AtomicType.BIGINT, false));
    }

    @Override
    public Accumulator accumulator() {
        return new Counts();
    }

    /** A count a group. */
    static class Counts extends GroupedAccumulator {
        private long[] counts = {};

        @Override
        void resize(int newCapacity) {
            counts = Arrays.copyOf(counts, newCapacity);
        }

        @Override
        public void update(int[] groups, List<? extends ColumnVector> arguments, Selection rows) {
            long[] validity = null;
            for (ColumnVector argument : arguments) {
                validity = Validity.and(validity, argument.validity());
            }
            count(groups, Rows.valid(rows, validity));
        }

        final void count(int[] groups, Selection rows) {
            long[] mine = counts;
            int @Nullable [] at = rows.positions();
            for (int i = 0; i < rows.count(); i++) {
                mine[groups[at == null ? i : at[i]]]++;
            }
        }

        @Override
        public void merge(int[] groups, List<? extends ColumnVector> buffers, Selection rows) {
            long[] mine = counts;
            long[] theirs = ((LongVector) buffers.get(0)).values();
            int @Nullable [] at = rows.positions();
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                mine[groups[row]] += theirs[row];
            }
        }

        @Override
        public List<ColumnVector> buffers(int groups) {
            return List.of(results(groups));
        }

        @Override
        public ColumnVector results(int groups) {
            return new LongVector(AtomicType.BIGINT, groups, counts, null);
        }

        @Override
        public long memoryBytes() {
            return 8L * counts.length;
        }
    }
}
