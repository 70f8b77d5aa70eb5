package io.tidemark.runtime.operator;

import java.util.Arrays;

/** Sorts numbers of rows by an order of rows, without boxing; equal ones stay as they were. One thread. */
final class StableSort {
    private static final int SHORT = 12;

    private final Order order;
    private int[] spare = new int[0];

    StableSort(Order order) {
        this.order = order;
    }

    /** Compares two rows by their numbers. */
    @FunctionalInterface
    interface Order {
        int compare(int left, int right);
    }

    /** Sorts {@code rows[from, until)}. */
    void sort(int[] rows, int from, int until) {
        if (until - from <= SHORT) {
            insert(rows, from, until);
            return;
        }
        int middle = (from + until) >>> 1;
        sort(rows, from, middle);
        sort(rows, middle, until);
        if (order.compare(rows[middle - 1], rows[middle]) > 0) {
            merge(rows, from, middle, until);
        }
    }

    private void insert(int[] rows, int from, int until) {
        for (int i = from + 1; i < until; i++) {
            int row = rows[i];
            int at = i;
            while (at > from && order.compare(rows[at - 1], row) > 0) {
                rows[at] = rows[at - 1];
                at--;
            }
            rows[at] = row;
        }
    }

    private void merge(int[] rows, int from, int middle, int until) {
        int lower = middle - from;
        if (spare.length < lower) {
            spare = Arrays.copyOf(spare, Math.max(lower, 2 * spare.length));
        }
        System.arraycopy(rows, from, spare, 0, lower);
        int left = 0;
        int right = middle;
        int at = from;
        while (left < lower) {
            rows[at++] = right < until && order.compare(spare[left], rows[right]) > 0 ? rows[right++] : spare[left++];
        }
    }
}
