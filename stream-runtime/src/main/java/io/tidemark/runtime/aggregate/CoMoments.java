package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.DoubleVector;
import io.tidemark.api.vector.DoubleVectorBuilder;
import io.tidemark.api.vector.Selection;
import io.tidemark.api.vector.Validity;
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
 * Statistics of two columns of doubles together, of the rows where both have a value: count, both means, the sum of products of
 * the deviations, and for the correlation the sums of their squares. The terms stand in the order in which Spark adds them up,
 * so that no bit differs.
 *
 * @param ansi whether the correlation with a column that does not vary fails instead of being null
 */
record CoMoments(Statistic statistic, boolean ansi) implements AggregateFunction {
    private static final List<String> FIELDS = List.of("n", "xAvg", "yAvg", "ck", "xMk", "yMk");

    /** What to make of the moments. */
    enum Statistic {
        COVAR_POP(4),
        COVAR_SAMP(4),
        CORR(6);

        private final int fields;

        Statistic(int fields) {
            this.fields = fields;
        }
    }

    static AggregateFunction bind(Arguments arguments, Statistic statistic) {
        arguments.count(2).castAll(0, AtomicType.DOUBLE);
        return new CoMoments(statistic, arguments.context().ansi());
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
        return FIELDS.subList(0, statistic.fields).stream()
                .map(name -> new StructField(name, AtomicType.DOUBLE, false))
                .toList();
    }

    @Override
    public Accumulator accumulator() {
        return new Moments(this);
    }

    private static final class Moments extends GroupedAccumulator {
        private static final int N = 0;
        private static final int X = 1;
        private static final int Y = 2;
        private static final int XY = 3;
        private static final int XX = 4;
        private static final int YY = 5;

        private final CoMoments function;
        private final boolean squares;
        private final double[][] state;

        Moments(CoMoments function) {
            this.function = function;
            this.squares = function.statistic == Statistic.CORR;
            this.state = new double[function.statistic.fields][0];
        }

        @Override
        void resize(int newCapacity) {
            for (int i = 0; i < state.length; i++) {
                state[i] = Arrays.copyOf(state[i], newCapacity);
            }
        }

        @Override
        public void update(int[] groups, List<? extends ColumnVector> arguments, Selection rows) {
            ColumnVector left = arguments.get(0);
            ColumnVector right = arguments.get(1);
            Selection valid = Rows.valid(rows, Validity.and(left.validity(), right.validity()));
            if (valid.isEmpty()) {
                return;
            }
            double[] x = ((DoubleVector) left).values();
            double[] y = ((DoubleVector) right).values();
            int @Nullable [] at = valid.positions();
            for (int i = 0; i < valid.count(); i++) {
                int row = at == null ? i : at[i];
                add(groups[row], x[row], y[row]);
            }
        }

        private void add(int g, double x, double y) {
            double n = state[N][g] + 1.0;
            double dx = x - state[X][g];
            double dy = y - state[Y][g];
            state[N][g] = n;
            state[X][g] += dx / n;
            state[Y][g] += dy / n;
            state[XY][g] += dx * (y - state[Y][g]);
            if (squares) {
                state[XX][g] += dx * (x - state[X][g]);
                state[YY][g] += dy * (y - state[Y][g]);
            }
        }

        @Override
        public void merge(int[] groups, List<? extends ColumnVector> buffers, Selection rows) {
            double[][] theirs = new double[state.length][];
            for (int i = 0; i < theirs.length; i++) {
                theirs[i] = ((DoubleVector) buffers.get(i)).values();
            }
            int @Nullable [] at = rows.positions();
            for (int i = 0; i < rows.count(); i++) {
                int row = at == null ? i : at[i];
                merge(groups[row], theirs, row);
            }
        }

        private void merge(int g, double[][] theirs, int row) {
            double n1 = state[N][g];
            double n2 = theirs[N][row];
            double n = n1 + n2;
            double dx = theirs[X][row] - state[X][g];
            double dxN = n == 0.0 ? 0.0 : dx / n;
            double dy = theirs[Y][row] - state[Y][g];
            double dyN = n == 0.0 ? 0.0 : dy / n;
            state[N][g] = n;
            state[X][g] += dxN * n2;
            state[Y][g] += dyN * n2;
            state[XY][g] = state[XY][g] + theirs[XY][row] + dx * dyN * n1 * n2;
            if (squares) {
                state[XX][g] = state[XX][g] + theirs[XX][row] + dx * dxN * n1 * n2;
                state[YY][g] = state[YY][g] + theirs[YY][row] + dy * dyN * n1 * n2;
            }
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
            for (int g = 0; g < groups; g++) {
                double n = state[N][g];
                if (n == 0.0 || (n == 1.0 && function.statistic != Statistic.COVAR_POP)) {
                    out.appendNull();
                    continue;
                }
                switch (function.statistic) {
                    case COVAR_POP -> out.appendDouble(state[XY][g] / n);
                    case COVAR_SAMP -> out.appendDouble(state[XY][g] / (n - 1.0));
                    case CORR -> appendCorrelation(out, state[XY][g], Math.sqrt(state[XX][g] * state[YY][g]));
                }
            }
            return out.build();
        }

        private void appendCorrelation(DoubleVectorBuilder out, double dividend, double divisor) {
            if (divisor != 0.0) {
                out.appendDouble(dividend / divisor);
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
