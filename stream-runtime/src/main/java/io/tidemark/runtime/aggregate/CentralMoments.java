package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.DoubleVectorBuilder;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.VectorBuilder;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.EvaluationErrors;
import io.tidemark.runtime.expression.function.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of one column of doubles from its central moments: count, mean, and sums of the second to fourth powers of the
 * deviation from the mean, kept up to date row by row (Meng: Simpler Online Updates for Arbitrary-Order Central Moments, 2015;
 * merged as by Pébay, 2008). The terms stand in the order in which Spark adds them up, so that no bit differs.
 *
 * @param ansi whether a division by zero fails instead of giving null
 */
record CentralMoments(Statistic statistic, boolean ansi) implements AggregateFunction {
    private static final List<String> FIELDS = List.of("n", "avg", "m2", "m3", "m4");

    /** What to make of the moments. */
    enum Statistic {
        STDDEV_POP(2),
        STDDEV_SAMP(2),
        VAR_POP(2),
        VAR_SAMP(2),
        SKEWNESS(3),
        KURTOSIS(4);

        private final int order;

        Statistic(int order) {
            this.order = order;
        }
    }

    static AggregateFunction bind(Arguments arguments, Statistic statistic) {
        arguments.count(1).cast(0, AtomicType.DOUBLE);
        return new CentralMoments(statistic, arguments.context().ansi());
    }

    @Override
    public String name() {
        return statistic.name().toLowerCase(Locale.ROOT);
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
        return FIELDS.subList(0, statistic.order + 1).stream()
                .map(name -> new StructField(name, AtomicType.DOUBLE, false))
                .toList();
    }

    @Override
    public Accumulator accumulator() {
        return new Moments(this);
    }

    private static final class Moments extends GroupedAccumulator {
        private final CentralMoments function;
        private final int order;
        /** Count, mean, then the sums of powers; those of a higher order than wanted stay 0. */
        private final double[][] state;

        Moments(CentralMoments function) {
            this.function = function;
            this.order = function.statistic.order;
            this.state = new double[order + 1][0];
        }

        @Override
        void resize(int newCapacity) {
            for (int i = 0; i < state.length; i++) {
                state[i] = Arrays.copyOf(state[i], newCapacity);
            }
        }

        @Override
        public void update(int[] groups, List<? extends ColumnVector> arguments, Selection rows) {
            Selection valid = Rows.valid(rows, arguments.get(0).validity());
            if (valid.isEmpty()) {
                return;
            }
            double[] values = ((DoubleVector) arguments.get(0)).values();
            int @Nullable [] at = valid.positions();
            for (int i = 0; i < valid.count(); i++) {
                int row = at == null ? i : at[i];
                add(groups[row], values[row]);
            }
        }

        private void add(int g, double value) {
            double n = state[0][g] + 1.0;
            double delta = value - state[1][g];
            double deltaN = delta / n;
            double m2 = state[2][g] + delta * (delta - deltaN);
            state[0][g] = n;
            state[1][g] += deltaN;
            state[2][g] = m2;
            if (order < 3) {
                return;
            }
            double delta2 = delta * delta;
            double deltaN2 = deltaN * deltaN;
            double m3 = state[3][g] - 3.0 * deltaN * m2 + delta * (delta2 - deltaN2);
            state[3][g] = m3;
            if (order == 4) {
                state[4][g] = state[4][g]
                        - 4.0 * deltaN * m3
                        - 6.0 * deltaN2 * m2
                        + delta * (delta * delta2 - deltaN * deltaN2);
            }
        }

        @Override
        public void merge(int[] groups, List<? extends ColumnVector> buffers, Selection rows) {
            double[][] theirs = new double[order + 1][];
            for (int i = 0; i <= order; i++) {
                theirs[i] = ((DoubleVector) buffers.get(i)).values();
            }
            int @Nullable [] at = rows.positions();
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                merge(groups[row], theirs, row);
            }
        }

        private void merge(int g, double[][] theirs, int row) {
            double n1 = state[0][g];
            double n2 = theirs[0][row];
            double n = n1 + n2;
            double delta = theirs[1][row] - state[1][g];
            double deltaN = n == 0.0 ? 0.0 : delta / n;
            double a2 = state[2][g];
            double b2 = theirs[2][row];
            if (order >= 3) {
                double a3 = state[3][g];
                double b3 = theirs[3][row];
                if (order == 4) {
                    state[4][g] = state[4][g]
                            + theirs[4][row]
                            + deltaN * deltaN * deltaN * delta * n1 * n2 * (n1 * n1 - n1 * n2 + n2 * n2)
                            + 6.0 * deltaN * deltaN * (n1 * n1 * b2 + n2 * n2 * a2)
                            + 4.0 * deltaN * (n1 * b3 - n2 * a3);
                }
                state[3][g] =
                        a3 + b3 + deltaN * deltaN * delta * n1 * n2 * (n1 - n2) + 3.0 * deltaN * (n1 * b2 - n2 * a2);
            }
            state[0][g] = n;
            state[1][g] += deltaN * n2;
            state[2][g] = a2 + b2 + delta * deltaN * n1 * n2;
        }

        @Override
        public List<ColumnVector> buffers(int groups) {
            List<ColumnVector> columns = new ArrayList<>(state.length);
            for (double[] moment : state) {
                columns.add(new DoubleVector(AtomicType.DOUBLE, groups, moment, null));
            }
            return columns;
        }

        @Override
        public ColumnVector results(int groups) {
            DoubleVectorBuilder out = (DoubleVectorBuilder) VectorBuilder.of(AtomicType.DOUBLE, groups);
            Statistic statistic = function.statistic;
            for (int g = 0; g < groups; g++) {
                double n = state[0][g];
                double m2 = state[2][g];
                boolean isSample = statistic == Statistic.STDDEV_SAMP || statistic == Statistic.VAR_SAMP;
                if (n == 0.0 || (isSample && n == 1.0) || (order > 2 && m2 == 0.0)) {
                    out.appendNull();
                    continue;
                }
                switch (statistic) {
                    case STDDEV_POP -> out.appendDouble(Math.sqrt(m2 / n));
                    case STDDEV_SAMP -> out.appendDouble(Math.sqrt(m2 / (n - 1.0)));
                    case VAR_POP -> out.appendDouble(m2 / n);
                    case VAR_SAMP -> out.appendDouble(m2 / (n - 1.0));
                    case SKEWNESS -> appendRatio(out, Math.sqrt(n) * state[3][g], Math.sqrt(m2 * m2 * m2), 0.0);
                    case KURTOSIS -> appendRatio(out, n * state[4][g], m2 * m2, 3.0);
                }
            }
            return out.build();
        }

        /** A power of a tiny moment may be zero. */
        private void appendRatio(DoubleVectorBuilder out, double dividend, double divisor, double less) {
            if (divisor != 0.0) {
                out.appendDouble(dividend / divisor - less);
            } else if (function.ansi) {
                throw EvaluationErrors.divideByZero();
            } else {
                out.appendNull();
            }
        }

        @Override
        public long memoryBytes() {
            return 8L * state.length * state[0].length;
        }
    }
}
