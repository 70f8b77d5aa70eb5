package io.tidemark.state.rocksdb;

import java.util.Arrays;

/**
 * The entries of {@link PendingWrites} by key, for scans in order between writes. New entries wait in a short tail that is
 * looked through one by one, and are merged in when it has grown. One thread.
 */
final class PendingIndex {
    private static final int TAIL = 256;

    private final PendingWrites writes;
    private final KeyOrder order = new KeyOrder();
    private int[] sorted = new int[0];
    private int indexed;

    PendingIndex(PendingWrites writes) {
        this.writes = writes;
    }

    PendingWrites writes() {
        return writes;
    }

    /**
     * Returns the entries whose keys lie in {@code [from, until)}, in order.
     *
     * @param until null for no end
     */
    int[] range(byte[] from, byte @org.jspecify.annotations.Nullable [] until) {
        int count = writes.count();
        if (count - indexed > TAIL) {
            merge(count);
        }
        int low = lowerBound(from);
        int high = until == null ? indexed : lowerBound(until);
        int[] tail = order.positions(count - indexed);
        int found = 0;
        for (int entry = indexed; entry < count; entry++) {
            if (writes.compareKey(entry, from, 0, from.length) >= 0
                    && (until == null || writes.compareKey(entry, until, 0, until.length) < 0)) {
                tail[found++] = entry;
            }
        }
        if (found == 0) {
            return Arrays.copyOfRange(sorted, low, high);
        }
        sort(tail, found);
        return merge(sorted, low, high, tail, found);
    }

    private void merge(int count) {
        int added = count - indexed;
        int[] tail = order.positions(added);
        for (int i = 0; i < added; i++) {
            tail[i] = indexed + i;
        }
        sort(tail, added);
        sorted = merge(sorted, 0, indexed, tail, added);
        indexed = count;
    }

    private void sort(int[] tail, int count) {
        writes.sort(order, tail, count);
    }

    private int[] merge(int[] left, int low, int high, int[] right, int count) {
        int[] merged = new int[high - low + count];
        int i = low;
        int j = 0;
        for (int at = 0; at < merged.length; at++) {
            boolean takeLeft = j == count || (i < high && compare(left[i], right[j]) < 0);
            merged[at] = takeLeft ? left[i++] : right[j++];
        }
        return merged;
    }

    private int compare(int left, int right) {
        return writes.compareKey(left, writes.keys(), writes.keyStart(right), writes.keyLength(right));
    }

    private int lowerBound(byte[] key) {
        int low = 0;
        int high = indexed;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (writes.compareKey(sorted[middle], key, 0, key.length) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
