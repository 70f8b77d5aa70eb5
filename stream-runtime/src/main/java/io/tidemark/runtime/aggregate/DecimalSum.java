package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.vector.BooleanVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.function.EvaluationErrors;
import io.tidemark.runtime.expression.function.Rows;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sum of decimals. It is null where it has more digits than its type, which {@code isEmpty} tells from null for want of
 * values; the sum of an empty group is kept as 0.
 *
 * @param sum of more than 18 digits
 * @param fails whether such a sum fails when the result is asked for; otherwise the result is null
 */
record DecimalSum(DecimalType sum, boolean fails) implements AggregateFunction {
    @Override
    public String name() {
        return "sum";
    }

    @Override
    public DataType type() {
        return sum;
    }

    @Override
    public boolean nullable() {
        return true;
    }

    @Override
    public List<StructField> buffer() {
        return List.of(new StructField("sum", sum), new StructField("isEmpty", AtomicType.BOOLEAN, false));
    }

    @Override
    public Accumulator accumulator() {
        return new Sums(this);
    }

    private static final class Sums extends GroupedAccumulator {
        private final DecimalSum function;
        private final BigInteger bound;
        private final WideSums sums = new WideSums();
        private final GroupFlags filled = new GroupFlags();

        Sums(DecimalSum function) {
            this.function = function;
            this.bound = BigInteger.TEN.pow(function.sum.precision());
        }

        @Override
        void resize(int newCapacity) {
            sums.grow(newCapacity);
            filled.grow(newCapacity);
        }

        @Override
        public void update(int[] groups, List<? extends ColumnVector> arguments, Selection rows) {
            Selection valid = Rows.valid(rows, arguments.get(0).validity());
            if (!valid.isEmpty()) {
                sums.add(groups, (DecimalVector) arguments.get(0), valid);
                fill(groups, valid);
            }
        }

        private void fill(int[] groups, Selection rows) {
            long[] bits = filled.bits();
            int @Nullable [] at = rows.positions();
            for (int i = 0; i < rows.count(); i++) {
                int group = groups[at == null ? i : at[i]];
                bits[group >> 6] |= 1L << group;
            }
        }

        @Override
        public void merge(int[] groups, List<? extends ColumnVector> buffers, Selection rows) {
            ColumnVector theirs = buffers.get(0);
            Selection full = Rows.whereNot(rows, (BooleanVector) buffers.get(1));
            Selection valid = Rows.valid(full, theirs.validity());
            if (!valid.isEmpty()) {
                sums.add(groups, (DecimalVector) theirs, valid);
            }
            fill(groups, full);
            for (int i = 0; valid.count() < full.count() && i < full.count(); i++) {
                if (theirs.isNull(full.at(i))) {
                    sums.lose(groups[full.at(i)]);
                }
            }
        }

        @Override
        public List<ColumnVector> buffers(int groups) {
            boolean[] empty = new boolean[groups];
            for (int i = 0; i < groups; i++) {
                empty[i] = !filled.isSet(i);
            }
            return List.of(sums(groups, false), new BooleanVector(AtomicType.BOOLEAN, groups, empty, null));
        }

        @Override
        public ColumnVector results(int groups) {
            return sums(groups, true);
        }

        private ColumnVector sums(int groups, boolean asResult) {
            BigInteger[] out = new BigInteger[groups];
            GroupFlags valid = new GroupFlags();
            valid.grow(groups);
            for (int i = 0; i < groups; i++) {
                BigInteger value = sums.sum(i, bound);
                out[i] = value == null ? BigInteger.ZERO : value;
                if (value != null && (filled.isSet(i) || !asResult)) {
                    valid.set(i);
                } else if (value == null && asResult && function.fails) {
                    throw EvaluationErrors.overflow("Overflow in sum of decimals", "try_sum");
                }
            }
            return new DecimalVector(function.sum, groups, out, valid.validity(groups));
        }

        @Override
        public long memoryBytes() {
            return sums.memoryBytes() + filled.memoryBytes();
        }
    }
}
