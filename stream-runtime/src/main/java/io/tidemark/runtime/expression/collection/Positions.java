package io.tidemark.runtime.expression.collection;

import io.tidemark.api.vector.ColumnVector;
import io.tidemark.runtime.expression.function.RowComparator;
import java.util.Arrays;

/** A growing list of positions in a column. One thread. */
final class Positions {
    private static final int FEW = 24;

    private int[] values = new int[64];
    private int size;

    int size() {
        return size;
    }

    int[] values() {
        return values;
    }

    void add(int position) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = position;
    }

    void addRange(int from, int count) {
        for (int i = 0; i < count; i++) {
            add(from + i);
        }
    }

    /** Sorts the positions from {@code from} on by their values, equal ones kept in order. */
    void sort(int from, ColumnVector column, RowComparator order, boolean ascending, boolean nullsFirst) {
        if (size - from > FEW) {
            Integer[] boxed = new Integer[size - from];
            for (int i = from; i < size; i++) {
                boxed[i - from] = values[i];
            }
            Arrays.sort(boxed, (a, b) -> compare(a, b, column, order, ascending, nullsFirst));
            for (int i = from; i < size; i++) {
                values[i] = boxed[i - from];
            }
            return;
        }
        for (int i = from + 1; i < size; i++) {
            int value = values[i];
            int at = i;
            while (at > from && compare(values[at - 1], value, column, order, ascending, nullsFirst) > 0) {
                values[at] = values[at - 1];
                at--;
            }
            values[at] = value;
        }
    }

    private static int compare(
            int a, int b, ColumnVector column, RowComparator order, boolean ascending, boolean nullsFirst) {
        boolean aNull = column.isNull(a);
        boolean bNull = column.isNull(b);
        if (aNull || bNull) {
            return nullsFirst ? Boolean.compare(bNull, aNull) : Boolean.compare(aNull, bNull);
        }
        int difference = order.compare(column, a, column, b);
        return ascending ? difference : -difference;
    }
}
