package io.tidemark.runtime.aggregate;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.BoundExpression.Constant;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.Rows;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * About how many different values there are, by HyperLogLog++: 2<sup>precision</sup> registers of six bits, ten in a long.
 * A value that is null does not count.
 *
 * @param precision bits of a value's hash that choose the register
 */
record ApproxCountDistinct(int precision) implements AggregateFunction {
    private static final double DEFAULT_ERROR = 0.05;
    private static final double ERROR_MAX = 0.39;
    private static final int PRECISION_MIN = 4;
    private static final int PRECISION_MAX = 24;
    private static final int REGISTER_BITS = 6;
    private static final int REGISTERS_A_WORD = 10;
    private static final long REGISTER_MASK = (1L << REGISTER_BITS) - 1;
    private static final long SEED = 42;

    /** Types {@code approx_count_distinct(x [, relativeError])}. */
    static AggregateFunction bind(Arguments arguments) {
        double error = DEFAULT_ERROR;
        if (arguments.count(1, 2).size() == 2) {
            Object value = arguments.get(1) instanceof Constant constant ? constant.value() : null;
            if (!(value instanceof Double || value instanceof BigDecimal)) {
                throw arguments.mismatch(1, "a constant DOUBLE");
            }
            error = ((Number) value).doubleValue();
            arguments.keep(1);
        }
        int precision = (int) Math.ceil(2.0 * Math.log(1.106 / error) / Math.log(2.0));
        if (precision < PRECISION_MIN || precision > PRECISION_MAX || Double.isNaN(error)) {
            throw new AnalysisException(
                    ErrorCode.INVALID_ARGUMENT_VALUE,
                    "The relative error " + error
                            + " of 'approx_count_distinct' is out of range. Choose one from 0.0003 to " + ERROR_MAX
                            + ".",
                    arguments.context().origin());
        }
        return new ApproxCountDistinct(precision);
    }

    @Override
    public String name() {
        return "approx_count_distinct";
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
        List<StructField> words = new ArrayList<>();
        for (int i = 0; i < words(); i++) {
            words.add(new StructField("MS[" + i + "]", AtomicType.BIGINT));
        }
        return words;
    }

    private int words() {
        return (1 << precision) / REGISTERS_A_WORD + 1;
    }

    @Override
    public Accumulator accumulator() {
        return new Registers(precision, words());
    }

    private static final class Registers extends GroupedAccumulator {
        private final int precision;
        /** Word by word, for each the groups. */
        private final long[][] words;

        private int capacity;

        Registers(int precision, int words) {
            this.precision = precision;
            this.words = new long[words][0];
        }

        @Override
        void resize(int newCapacity) {
            for (int i = 0; i < words.length; i++) {
                words[i] = Arrays.copyOf(words[i], newCapacity);
            }
            capacity = newCapacity;
        }

        @Override
        public void update(int[] groups, List<? extends ColumnVector> arguments, Selection rows) {
            ColumnVector input = arguments.get(0);
            Selection valid = Rows.valid(rows, input.validity());
            int @Nullable [] at = valid.positions();
            if (input instanceof LongVector longs) {
                for (int i = 0; i < valid.count(); i++) {
                    int row = at == null ? i : at[i];
                    see(groups[row], XxHash64.hashLong(longs.values()[row], SEED));
                }
                return;
            }
            for (int i = 0; i < valid.count(); i++) {
                int row = at == null ? i : at[i];
                see(groups[row], XxHash64.hash(input, row, SEED));
            }
        }

        private void see(int group, long hash) {
            int register = (int) (hash >>> (Long.SIZE - precision));
            long rank = Long.numberOfLeadingZeros((hash << precision) | (1L << (precision - 1))) + 1L;
            long[] word = words[register / REGISTERS_A_WORD];
            int shift = REGISTER_BITS * (register % REGISTERS_A_WORD);
            long before = (word[group] >>> shift) & REGISTER_MASK;
            if (rank > before) {
                word[group] += (rank - before) << shift;
            }
        }

        @Override
        public void merge(int[] groups, List<? extends ColumnVector> buffers, Selection rows) {
            int @Nullable [] at = rows.positions();
            for (int w = 0; w < words.length; w++) {
                long[] mine = words[w];
                long[] theirs = ((LongVector) buffers.get(w)).values();
                for (int i = 0; i < rows.count(); i++) {
                    int row = at == null ? i : at[i];
                    mine[groups[row]] = greater(mine[groups[row]], theirs[row]);
                }
            }
        }

        /** Returns the greater of each pair of registers. */
        private static long greater(long a, long b) {
            if (a == 0 || b == 0) {
                return a | b;
            }
            long result = 0;
            for (long mask = REGISTER_MASK; mask > 0; mask <<= REGISTER_BITS) {
                result |= Math.max(a & mask, b & mask);
            }
            return result;
        }

        @Override
        public List<ColumnVector> buffers(int groups) {
            List<ColumnVector> columns = new ArrayList<>(words.length);
            for (long[] word : words) {
                columns.add(new LongVector(AtomicType.BIGINT, groups, word, null));
            }
            return columns;
        }

        @Override
        public ColumnVector results(int groups) {
            HyperLogLogEstimate estimate = new HyperLogLogEstimate(precision);
            long[] counts = new long[groups];
            for (int group = 0; group < groups; group++) {
                double inverse = 0;
                int zeros = 0;
                int left = 1 << precision;
                for (long[] word : words) {
                    long bits = word[group];
                    for (int i = 0; i < REGISTERS_A_WORD && left > 0; i++, left--) {
                        long value = bits & REGISTER_MASK;
                        inverse += 1.0 / (1L << value);
                        zeros += value == 0 ? 1 : 0;
                        bits >>>= REGISTER_BITS;
                    }
                }
                counts[group] = estimate.count(inverse, zeros);
            }
            return new LongVector(AtomicType.BIGINT, groups, counts, null);
        }

        @Override
        public long memoryBytes() {
            return 8L * words.length * capacity;
        }
    }
}
