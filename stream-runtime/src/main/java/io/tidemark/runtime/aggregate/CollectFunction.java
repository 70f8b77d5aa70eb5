package io.tidemark.runtime.aggregate;

import io.tidemark.api.types.ArrayType;
import io.tidemark.api.types.AtomicType;
import io.tidemark.api.types.DataType;
import io.tidemark.api.types.MapType;
import io.tidemark.api.types.StructField;
import io.tidemark.api.types.StructType;
import io.tidemark.api.vector.ArrayVector;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.api.vector.Selection;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.Rows;
import io.tidemark.state.codec.ColumnHash;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All values that are not null as an array, in the order of the rows: {@code collect_list}, or without repetitions {@code
 * collect_set}. Spark gives a set in the order of a hash table, here it is that of the first occurrences.
 */
record CollectFunction(DataType elementType, boolean isSet) implements AggregateFunction {
    static AggregateFunction list(Arguments arguments) {
        return new CollectFunction(arguments.count(1).type(0), false);
    }

    static AggregateFunction set(Arguments arguments) {
        if (holdsMap(arguments.count(1).type(0))) {
            throw arguments.mismatch(0, "a type without maps");
        }
        return new CollectFunction(arguments.type(0), true);
    }

    private static boolean holdsMap(DataType type) {
        if (type instanceof ArrayType array) {
            return holdsMap(array.elementType());
        } else if (type instanceof StructType struct) {
            return struct.fields().stream().anyMatch(f -> holdsMap(f.dataType()));
        }
        return type instanceof MapType;
    }

    @Override
    public String name() {
        return isSet ? "collect_set" : "collect_list";
    }

    @Override
    public DataType type() {
        return new ArrayType(elementType, false);
    }

    @Override
    public boolean nullable() {
        return false;
    }

    @Override
    public List<StructField> buffer() {
        return List.of(new StructField("buf", AtomicType.BINARY));
    }

    @Override
    public Accumulator accumulator() {
        return new Collected(this);
    }

    private static final class Collected extends GroupedAccumulator {
        private final CollectedValues values;
        private final ArrayBlob blob;
        private final @Nullable SeenValues seen;

        Collected(CollectFunction function) {
            this.values = new CollectedValues(function.elementType);
            this.blob = new ArrayBlob(function.elementType, function.isSet);
            this.seen = function.isSet ? new SeenValues(values, function.elementType) : null;
        }

        @Override
        void resize(int newCapacity) {}

        @Override
        public void update(int[] groups, List<? extends ColumnVector> arguments, Selection rows) {
            ColumnVector input = arguments.get(0);
            Selection valid = Rows.valid(rows, input.validity());
            int @Nullable [] at = valid.positions();
            for (int i = 0; i < valid.count(); i++) {
                int row = at == null ? i : at[i];
                add(groups[row], input, row);
            }
            values.settle();
        }

        private void add(int group, ColumnVector input, int row) {
            if (seen == null || seen.isNew(group, input, row)) {
                values.add(group, input, row);
            }
        }

        @Override
        public void merge(int[] groups, List<? extends ColumnVector> buffers, Selection rows) {
            Selection valid = Rows.valid(rows, buffers.get(0).validity());
            if (valid.isEmpty()) {
                return;
            }
            ArrayVector arrays = blob.decode(buffers.get(0), valid);
            ColumnVector elements = arrays.elements();
            for (int i = 0; i < valid.count(); i++) {
                int group = groups[valid.at(i)];
                for (int k = arrays.starts()[i]; k < arrays.starts()[i] + arrays.lengths()[i]; k++) {
                    add(group, elements, k);
                }
            }
            values.settle();
        }

        @Override
        public List<ColumnVector> buffers(int groups) {
            return List.of(blob.encode(values.arrays(groups)));
        }

        @Override
        public ColumnVector results(int groups) {
            return values.arrays(groups);
        }

        @Override
        public long memoryBytes() {
            return values.memoryBytes() + (seen == null ? 0 : seen.memoryBytes());
        }
    }

    /** The values of each group by their hash: an open table of their numbers. */
    private static final class SeenValues {
        private final CollectedValues values;
        private final ValueIdentity identity;
        private final boolean isVoid;
        /** Numbers plus one, 0 where there is none; and the hashes beside them. */
        private int[] slots = new int[64];

        private int[] hashes = new int[64];

        SeenValues(CollectedValues values, DataType type) {
            this.values = values;
            this.isVoid = type == AtomicType.NULL;
            this.identity = isVoid ? (a, i, b, j) -> true : ValueIdentity.of(type);
        }

        /** Returns whether a group has no such value, and then takes it for the next one. */
        boolean isNew(int group, ColumnVector input, int row) {
            if (2 * values.count() >= slots.length) {
                enlarge();
            }
            int hash = ColumnHash.hash(input, row, group);
            int slot = hash & (slots.length - 1);
            while (slots[slot] != 0) {
                int value = slots[slot] - 1;
                if (hashes[slot] == hash
                        && values.group(value) == group
                        && identity.isSame(values.column(value), values.row(value), input, row)) {
                    return false;
                }
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = values.count() + 1;
            hashes[slot] = hash;
            return true;
        }

        private void enlarge() {
            int[] oldSlots = slots;
            int[] oldHashes = hashes;
            slots = new int[4 * oldSlots.length];
            hashes = new int[slots.length];
            for (int i = 0; i < oldSlots.length; i++) {
                if (oldSlots[i] != 0) {
                    int slot = oldHashes[i] & (slots.length - 1);
                    while (slots[slot] != 0) {
                        slot = (slot + 1) & (slots.length - 1);
                    }
                    slots[slot] = oldSlots[i];
                    hashes[slot] = oldHashes[i];
                }
            }
        }

        long memoryBytes() {
            return 8L * slots.length;
        }
    }
}
