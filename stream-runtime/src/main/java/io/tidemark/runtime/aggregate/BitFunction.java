package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.IntVector;
import io.tidemark.api.vector.LongVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.Rows;
import io.tidemark.runtime.expression.function.TypeCoercion;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The bits of integers joined: null until there is a value. */
record BitFunction(Operator operator, DataType type) implements AggregateFunction {
    /** How two values are joined. */
    enum Operator {
        BIT_AND,
        BIT_OR,
        BIT_XOR
    }

    static AggregateFunction bind(Arguments arguments, Operator operator) {
        if (arguments.count(1).type(0) == AtomicType.NULL) {
            arguments.cast(0, AtomicType.INT);
        }
        if (!TypeCoercion.isIntegral(arguments.type(0))) {
            throw arguments.mismatch(0, "INTEGRAL"); // not even text is cast here
        }
        return new BitFunction(operator, arguments.type(0));
    }

    @Override
    public String name() {
        return operator.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean nullable() {
        return true;
    }

    @Override
    public List<StructField> buffer() {
        return List.of(new StructField(name(), type));
    }

    @Override
    public Accumulator accumulator() {
        return new Bits(this);
    }

    private static final class Bits extends GroupedAccumulator {
        private final BitFunction function;
        private long[] values = {};
        private final GroupFlags present = new GroupFlags();

        Bits(BitFunction function) {
            this.function = function;
        }

        @Override
        void resize(int newCapacity) {
            values = Arrays.copyOf(values, newCapacity);
            present.grow(newCapacity);
        }

        @Override
        public void update(int[] groups, List<? extends ColumnVector> arguments, Selection rows) {
            ColumnVector input = arguments.get(0);
            Selection valid = Rows.valid(rows, input.validity());
            int @Nullable [] at = valid.positions();
            if (input instanceof LongVector longs) {
                for (int i = 0; i < valid.count(); i++) {
                    int row = at == null ? i : at[i];
                    join(groups[row], longs.values()[row]);
                }
            } else if (input instanceof IntVector ints) {
                for (int i = 0; i < valid.count(); i++) {
                    int row = at == null ? i : at[i];
                    join(groups[row], ints.values()[row]);
                }
            }
        }

        private void join(int group, long value) {
            if (!present.isSet(group)) {
                present.set(group);
                values[group] = value;
                return;
            }
            values[group] = switch (function.operator) {
                case BIT_AND -> values[group] & value;
                case BIT_OR -> values[group] | value;
                case BIT_XOR -> values[group] ^ value;
            };
        }

        @Override
        public void merge(int[] groups, List<? extends ColumnVector> buffers, Selection rows) {
            update(groups, buffers, rows);
        }

        @Override
        public List<ColumnVector> buffers(int groups) {
            return List.of(results(groups));
        }

        @Override
        public ColumnVector results(int groups) {
            if (function.type == AtomicType.BIGINT) {
                return new LongVector(function.type, groups, values, present.validity(groups));
            }
            int[] narrow = new int[groups];
            for (int i = 0; i < groups; i++) {
                narrow[i] = (int) values[i];
            }
            return new IntVector(function.type, groups, narrow, present.validity(groups));
        }

        @Override
        public long memoryBytes() {
            return 8L * values.length + present.memoryBytes();
        }
    }
}
