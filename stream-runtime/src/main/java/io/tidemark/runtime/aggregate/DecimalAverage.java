package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.DecimalVectorBuilder;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.runtime.expression.function.EvaluationErrors;
import io.tidemark.runtime.expression.function.Rows;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The mean of decimals, from a sum that is null where it has more digits than its type.
 *
 * @param sum of more than 18 digits
 * @param fails whether a sum or mean with too many digits fails; otherwise the mean is null
 */
record DecimalAverage(DecimalType sum, DecimalType type, boolean fails) implements AggregateFunction {
    /** Spark divides to this scale first, then rounds to that of the result. */
    private static final int QUOTIENT_SCALE = DecimalType.MAX_PRECISION + 1;

    @Override
    public String name() {
        return "avg";
    }

    @Override
    public boolean nullable() {
        return true;
    }

    @Override
    public List<StructField> buffer() {
        return List.of(new StructField("sum", sum), new StructField("count", AtomicType.BIGINT));
    }

    @Override
    public Accumulator accumulator() {
        return new Averages(this);
    }

    private static final class Averages extends GroupedAccumulator {
        private final DecimalAverage function;
        private final BigInteger bound;
        private final WideSums sums = new WideSums();
        private long[] counts = {};

        Averages(DecimalAverage function) {
            this.function = function;
            this.bound = BigInteger.TEN.pow(function.sum.precision());
        }

        @Override
        void resize(int newCapacity) {
            sums.grow(newCapacity);
            counts = Arrays.copyOf(counts, newCapacity);
        }

        @Override
        public void update(int[] groups, List<? extends ColumnVector> arguments, Selection rows) {
            Selection valid = Rows.valid(rows, arguments.get(0).validity());
            if (valid.isEmpty()) {
                return;
            }
            sums.add(groups, (DecimalVector) arguments.get(0), valid);
            int @Nullable [] at = valid.positions();
            for (int i = 0; i < valid.count(); i++) {
                counts[groups[at == null ? i : at[i]]]++;
            }
        }

        @Override
        public void merge(int[] groups, List<? extends ColumnVector> buffers, Selection rows) {
            ColumnVector theirs = buffers.get(0);
            long[] theirCounts = ((LongVector) buffers.get(1)).values();
            Selection valid = Rows.valid(rows, theirs.validity());
            if (!valid.isEmpty()) {
                sums.add(groups, (DecimalVector) theirs, valid);
            }
            for (int i = 0; i < rows.count(); i++) {
                int row = rows.at(i);
                counts[groups[row]] += theirCounts[row];
                if (theirs.isNull(row)) {
                    sums.lose(groups[row]);
                }
            }
        }

        @Override
        public List<ColumnVector> buffers(int groups) {
            BigInteger[] out = new BigInteger[groups];
            GroupFlags valid = new GroupFlags();
            valid.grow(groups);
            for (int i = 0; i < groups; i++) {
                BigInteger value = sums.sum(i, bound);
                out[i] = value == null ? BigInteger.ZERO : value;
                if (value != null) {
                    valid.set(i);
                }
            }
            return List.of(
                    new DecimalVector(function.sum, groups, out, valid.validity(groups)),
                    new LongVector(AtomicType.BIGINT, groups, counts, null));
        }

        @Override
        public ColumnVector results(int groups) {
            DecimalVectorBuilder out = (DecimalVectorBuilder) VectorBuilder.of(function.type, groups);
            for (int i = 0; i < groups; i++) {
                BigDecimal mean = counts[i] == 0 ? null : mean(i);
                if (mean == null) {
                    out.appendNull();
                } else {
                    out.appendDecimal(mean);
                }
            }
            return out.build();
        }

        private @Nullable BigDecimal mean(int group) {
            DecimalType type = function.type;
            BigInteger total = sums.sum(group, bound);
            if (total == null) {
                if (function.fails) {
                    throw EvaluationErrors.overflow("Overflow in sum of decimals", "try_avg");
                }
                return null;
            }
            BigDecimal quotient = new BigDecimal(total, function.sum.scale())
                    .divide(BigDecimal.valueOf(counts[group]), QUOTIENT_SCALE, RoundingMode.HALF_UP);
            BigDecimal mean = quotient.setScale(type.scale(), RoundingMode.HALF_UP);
            if (mean.precision() <= type.precision()) {
                return mean;
            } else if (function.fails) {
                throw EvaluationErrors.decimalOutOfRange(quotient, type);
            }
            return null;
        }

        @Override
        public long memoryBytes() {
            return sums.memoryBytes() + 8L * counts.length;
        }
    }
}
