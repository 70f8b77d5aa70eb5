package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.function.Rows;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code try_sum} of integers: null once it left the range of a long, which is told from null for want of values. */
record TryLongSum() implements AggregateFunction {
    @Override
    public String name() {
        return "try_sum";
    }

    @Override
    public DataType type() {
        return AtomicType.BIGINT;
    }

    @Override
    public boolean nullable() {
        return true;
    }

    @Override
    public List<StructField> buffer() {
        return List.of(
                new StructField("sum", AtomicType.BIGINT), new StructField("isEmpty", AtomicType.BOOLEAN, false));
    }

    @Override
    public Accumulator accumulator() {
        return new Sums();
    }

    private static final class Sums extends GroupedAccumulator {
        private long[] sums = {};
        private final GroupFlags filled = new GroupFlags();
        private final GroupFlags overflowed = new GroupFlags();

        @Override
        void resize(int newCapacity) {
            sums = Arrays.copyOf(sums, newCapacity);
            filled.grow(newCapacity);
            overflowed.grow(newCapacity);
        }

        @Override
        public void update(int[] groups, List<? extends ColumnVector> arguments, Selection rows) {
            ColumnVector input = arguments.get(0);
            Selection valid = Rows.valid(rows, input.validity());
            long @Nullable [] longs = input instanceof LongVector vector ? vector.values() : null;
            int @Nullable [] ints = input instanceof IntVector vector ? vector.values() : null;
            int @Nullable [] at = valid.positions();
            for (int i = 0; i < valid.count(); i++) {
                int row = at == null ? i : at[i];
                add(groups[row], longs != null ? longs[row] : ints != null ? ints[row] : 0);
            }
        }

        private void add(int group, long value) {
            long before = sums[group];
            long sum = before + value;
            if (((before ^ sum) & (value ^ sum)) < 0) {
                overflowed.set(group);
            }
            sums[group] = sum;
            filled.set(group);
        }

        @Override
        public void merge(int[] groups, List<? extends ColumnVector> buffers, Selection rows) {
            LongVector theirs = (LongVector) buffers.get(0);
            boolean[] empty = ((BooleanVector) buffers.get(1)).values();
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.at(i);
                if (empty[row]) {
                    continue;
                } else if (theirs.isNull(row)) {
                    overflowed.set(groups[row]);
                    filled.set(groups[row]);
                } else {
                    add(groups[row], theirs.values()[row]);
                }
            }
        }

        @Override
        public List<ColumnVector> buffers(int groups) {
            GroupFlags valid = new GroupFlags();
            valid.grow(groups);
            boolean[] empty = new boolean[groups];
            for (int i = 0; i < groups; i++) {
                empty[i] = !filled.isSet(i);
                if (!overflowed.isSet(i)) {
                    valid.set(i);
                }
            }
            return List.of(
                    new LongVector(AtomicType.BIGINT, groups, sums, valid.validity(groups)),
                    new BooleanVector(AtomicType.BOOLEAN, groups, empty, null));
        }

        @Override
        public ColumnVector results(int groups) {
            GroupFlags valid = new GroupFlags();
            valid.grow(groups);
            for (int i = 0; i < groups; i++) {
                if (filled.isSet(i) && !overflowed.isSet(i)) {
                    valid.set(i);
                }
            }
            return new LongVector(AtomicType.BIGINT, groups, sums, valid.validity(groups));
        }

        @Override
        public long memoryBytes() {
            return 8L * sums.length + filled.memoryBytes() + overflowed.memoryBytes();
        }
    }
}
