package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.DecimalType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DecimalVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.function.Rows;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The mean of doubles, or of the unscaled values of decimals as doubles.
 *
 * @param type of the result: double, or a decimal of at most 15 digits
 * @param scale of the decimals of the input; 0 for doubles
 */
record DoubleAverage(DataType type, int scale) implements AggregateFunction {
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
        return List.of(new StructField("sum", AtomicType.DOUBLE), new StructField("count", AtomicType.BIGINT));
    }

    @Override
    public Accumulator accumulator() {
        return new Averages(this);
    }

    private static final class Averages extends GroupedAccumulator {
        private final DoubleAverage function;
        private double[] sums = {};
        private long[] counts = {};

        Averages(DoubleAverage function) {
            this.function = function;
        }

        @Override
        void resize(int newCapacity) {
            sums = Arrays.copyOf(sums, newCapacity);
            counts = Arrays.copyOf(counts, newCapacity);
        }

        @Override
        public void update(int[] groups, List<? extends ColumnVector> arguments, Selection rows) {
            ColumnVector input = arguments.get(0);
            Selection valid = Rows.valid(rows, input.validity());
            int @Nullable [] at = valid.positions();
            if (input instanceof DoubleVector doubles) {
                double[] values = doubles.values();
                for (int i = 0; i < valid.count(); i++) {
                    int row = at == null ? i : at[i];
                    sums[groups[row]] += values[row];
                    counts[groups[row]]++;
                }
            } else if (input instanceof DecimalVector decimals) {
                long[] values = decimals.longs();
                for (int i = 0; i < valid.count(); i++) {
                    int row = at == null ? i : at[i];
                    sums[groups[row]] += values[row];
                    counts[groups[row]]++;
                }
            }
        }

        @Override
        public void merge(int[] groups, List<? extends ColumnVector> buffers, Selection rows) {
            double[] theirSums = ((DoubleVector) buffers.get(0)).values();
            long[] theirCounts = ((LongVector) buffers.get(1)).values();
            int @Nullable [] at = rows.positions();
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                sums[groups[row]] += theirSums[row];
                counts[groups[row]] += theirCounts[row];
            }
        }

        @Override
        public List<ColumnVector> buffers(int groups) {
            return List.of(
                    new DoubleVector(AtomicType.DOUBLE, groups, sums, null),
                    new LongVector(AtomicType.BIGINT, groups, counts, null));
        }

        @Override
        public ColumnVector results(int groups) {
            double[] means = new double[groups];
            GroupFlags valid = new GroupFlags();
            valid.grow(groups);
            for (int i = 0; i < groups; i++) {
                if (counts[i] > 0) {
                    means[i] = sums[i] / counts[i];
                    valid.set(i);
                }
            }
            return function.type instanceof DecimalType decimal
                    ? rescaled(means, groups, decimal, valid)
                    : new DoubleVector(AtomicType.DOUBLE, groups, means, valid.validity(groups));
        }

        private ColumnVector rescaled(double[] means, int groups, DecimalType decimal, GroupFlags valid) {
            double unit = Math.pow(10, function.scale);
            long[] unscaled = new long[groups];
            for (int i = 0; i < groups; i++) {
                if (valid.isSet(i)) {
                    unscaled[i] = BigDecimal.valueOf(means[i] / unit)
                            .setScale(decimal.scale(), RoundingMode.HALF_UP)
                            .unscaledValue()
                            .longValueExact(); // a mean is no larger than the values
                }
            }
            return new DecimalVector(decimal, groups, unscaled, valid.validity(groups));
        }

        @Override
        public long memoryBytes() {
            return 16L * sums.length;
        }
    }
}
