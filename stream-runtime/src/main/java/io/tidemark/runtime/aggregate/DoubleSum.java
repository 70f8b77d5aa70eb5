package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.function.Rows;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sum of doubles, added up in the order of the rows: null until there is a value. */
record DoubleSum() implements AggregateFunction {
    @Override
    public String name() {
        return "sum";
    }

    @Override
    public DataType type() {
        return AtomicType.DOUBLE;
    }

    @Override
    public boolean nullable() {
        return true;
    }

    @Override
    public List<StructField> buffer() {
        return List.of(new StructField("sum", AtomicType.DOUBLE));
    }

    @Override
    public Accumulator accumulator() {
        return new Sums();
    }

    private static final class Sums extends GroupedAccumulator {
        private double[] sums = {};
        private final GroupFlags present = new GroupFlags();

        @Override
        void resize(int newCapacity) {
            sums = Arrays.copyOf(sums, newCapacity);
            present.grow(newCapacity);
        }

        @Override
        public void update(int[] groups, List<? extends ColumnVector> arguments, Selection rows) {
            add(groups, arguments.get(0), rows);
        }

        @Override
        public void merge(int[] groups, List<? extends ColumnVector> buffers, Selection rows) {
            add(groups, buffers.get(0), rows);
        }

        private void add(int[] groups, ColumnVector input, Selection rows) {
            Selection valid = Rows.valid(rows, input.validity());
            if (valid.isEmpty()) {
                return;
            }
            double[] values = ((DoubleVector) input).values();
            double[] mine = sums;
            long[] bits = present.bits();
            int @Nullable [] at = valid.positions();
            for (int i = 0; i < valid.count(); i++) {
                int row = at == null ? i : at[i];
                int group = groups[row];
                mine[group] += values[row];
                bits[group >> 6] |= 1L << group;
            }
        }

        @Override
        public List<ColumnVector> buffers(int groups) {
            return List.of(results(groups));
        }

        @Override
        public ColumnVector results(int groups) {
            return new DoubleVector(AtomicType.DOUBLE, groups, sums, present.validity(groups));
        }

        @Override
        public long memoryBytes() {
            return 8L * sums.length + present.memoryBytes();
        }
    }
}
