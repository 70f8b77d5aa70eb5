package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.function.EvaluationErrors;
import io.tidemark.runtime.expression.function.Rows;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sum of integers, or of the unscaled values of decimals, in a long: null until there is a value.
 *
 * @param type of the result: bigint, or the decimal with the scale of the input
 * @param ansi whether an overflow fails; otherwise it wraps around
 */
record LongSum(DataType type, boolean ansi) implements AggregateFunction {
    @Override
    public String name() {
        return "sum";
    }

    @Override
    public boolean nullable() {
        return true;
    }

    @Override
    public List<StructField> buffer() {
        return List.of(new StructField("sum", AtomicType.BIGINT));
    }

    @Override
    public Accumulator accumulator() {
        return new Sums(this);
    }

    private static final class Sums extends GroupedAccumulator {
        private final LongSum function;
        private long[] sums = {};
        private final GroupFlags present = new GroupFlags();

        Sums(LongSum function) {
            this.function = function;
        }

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
            } else if (input instanceof IntVector ints) {
                addInts(groups, ints.values(), valid);
            } else if (input instanceof LongVector longs) {
                addLongs(groups, longs.values(), valid);
            } else {
                addLongs(groups, ((DecimalVector) input).longs(), valid);
            }
        }

        private void addInts(int[] groups, int[] values, Selection rows) {
            long[] mine = sums;
            long[] bits = present.bits();
            int @Nullable [] at = rows.positions();
            long overflow = 0;
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                int group = groups[row];
                long before = mine[group];
                long sum = before + values[row];
                overflow |= (before ^ sum) & (values[row] ^ sum);
                mine[group] = sum;
                bits[group >> 6] |= 1L << group;
            }
            check(overflow);
        }

        private void addLongs(int[] groups, long[] values, Selection rows) {
            long[] mine = sums;
            long[] bits = present.bits();
            int @Nullable [] at = rows.positions();
            long overflow = 0;
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                int group = groups[row];
                long before = mine[group];
                long sum = before + values[row];
                overflow |= (before ^ sum) & (values[row] ^ sum);
                mine[group] = sum;
                bits[group >> 6] |= 1L << group;
            }
            check(overflow);
        }

        /** @param overflow negative if some sum left the range */
        private void check(long overflow) {
            if (overflow < 0 && function.ansi) {
                throw EvaluationErrors.overflow("long overflow", "try_add");
            }
        }

        @Override
        public List<ColumnVector> buffers(int groups) {
            return List.of(new LongVector(AtomicType.BIGINT, groups, sums, present.validity(groups)));
        }

        @Override
        public ColumnVector results(int groups) {
            if (!(function.type instanceof DecimalType decimal)) {
                return buffers(groups).get(0);
            }
            GroupFlags fits = new GroupFlags();
            fits.grow(groups);
            BigDecimal bound = BigDecimal.TEN.pow(decimal.precision());
            long max = bound.longValueExact();
            for (int i = 0; i < groups; i++) {
                if (!present.isSet(i)) {
                    continue;
                } else if (sums[i] < max && sums[i] > -max) {
                    fits.set(i);
                } else if (function.ansi) {
                    throw EvaluationErrors.decimalOutOfRange(BigDecimal.valueOf(sums[i], decimal.scale()), decimal);
                }
            }
            return new DecimalVector(decimal, groups, sums, fits.validity(groups));
        }

        @Override
        public long memoryBytes() {
            return 8L * sums.length + present.memoryBytes();
        }
    }
}
