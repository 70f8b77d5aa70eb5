package io.tidemark.runtime.expression.collection;

import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.types.DataType;
import io.tidemark.api.vector.ColumnVector;
import io.tidemark.runtime.expression.function.Arguments;
import io.tidemark.runtime.expression.function.RowComparator;
import io.tidemark.runtime.expression.function.TypeCoercion;

/** What Spark demands of the keys of a map that a query makes: none is null, none occurs twice. */
final class MapKeys {
    private static final int FEW = 16;

    private final RowComparator order;

    MapKeys(DataType type) {
        this.order = RowComparator.of(type);
    }

    /** @throws io.tidemark.api.error.AnalysisException if values of this type cannot be keys */
    static void checkType(Arguments arguments, int index, DataType type) {
        if (!TypeCoercion.isOrderable(type)) {
            throw arguments.mismatch(index, "a type that can be the key of a map");
        }
    }

    /** @throws EvaluationException {@code NULL_MAP_KEY} or {@code DUPLICATED_MAP_KEY} */
    void check(ColumnVector keys, int start, int length) {
        for (int i = start; i < start + length; i++) {
            if (keys.isNull(i)) {
                throw new EvaluationException("NULL_MAP_KEY", "Cannot use null as map key. Filter such keys out.");
            }
        }
        if (length <= FEW) {
            for (int i = start + 1; i < start + length; i++) {
                for (int j = start; j < i; j++) {
                    requireDifferent(keys, j, i, start);
                }
            }
            return;
        }
        Positions sorted = new Positions();
        sorted.addRange(start, length);
        sorted.sort(0, keys, order, true, true);
        for (int i = 1; i < length; i++) {
            requireDifferent(keys, sorted.values()[i - 1], sorted.values()[i], start);
        }
    }

    private void requireDifferent(ColumnVector keys, int a, int b, int start) {
        if (order.compare(keys, a, keys, b) == 0) {
            throw new EvaluationException(
                    "DUPLICATED_MAP_KEY",
                    "Duplicate map key: entries " + (a - start + 1) + " and " + (b - start + 1)
                            + " of a map have the same key. Make the keys distinct before the map is made.");
        }
    }

    /** Returns the position of the first entry with the key, or -1. */
    int find(ColumnVector keys, int start, int length, ColumnVector wanted, int row) {
        for (int i = start; i < start + length; i++) {
            if (order.compare(keys, i, wanted, row) == 0) {
                return i;
            }
        }
        return -1;
    }
}
