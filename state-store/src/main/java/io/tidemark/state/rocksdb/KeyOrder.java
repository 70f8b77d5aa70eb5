package io.tidemark.state.rocksdb;

import java.util.Arrays;

/**
 * Sorts byte strings of one array by place, bytewise unsigned, as RocksDB orders keys. Looks at eight bytes at a time: keys
 * of one store share long beginnings. One thread; the arrays are kept for the next sort.
 */
final class KeyOrder {
    private static final int SMALL = 12;

    private byte[] data = new byte[0];
    private int[] starts = new int[0];
    private int[] lengths = new int[0];
    private int[] order = new int[0];
    private long[] words = new long[0];

    /**
     * Returns the positions {@code 0..count-1} in the order of their strings; equal strings in no certain order. The array
     * may be longer, and holds until the next call.
     */
    int[] sort(byte[] strings, int[] from, int[] length, int count) {
        int[] all = positions(count);
        for (int i = 0; i < count; i++) {
            all[i] = i;
        }
        return sort(strings, from, length, all, count);
    }

    /** Returns an array with room for {@code count} positions, to be filled and handed to the other {@code sort}. */
    int[] positions(int count) {
        if (order.length < count) {
            order = new int[count + (count >> 2)];
            words = new long[order.length];
        }
        return order;
    }

    /** Sorts the first {@code count} of {@code positions}, which {@link #positions} gave, in place. */
    int[] sort(byte[] strings, int[] from, int[] length, int[] positions, int count) {
        data = strings;
        starts = from;
        lengths = length;
        sort(0, count, 0);
        data = new byte[0];
        return positions;
    }

    /** Sorts {@code [low, high)}, whose strings agree in their first {@code depth} bytes. */
    private void sort(int low, int high, int depth) {
        if (high - low <= SMALL) {
            insertionSort(low, high, depth);
            return;
        }
        int shared = shared(low, high, depth);
        boolean whole = true; // no string ends inside the word
        for (int i = low; i < high; i++) {
            whole &= lengths[order[i]] >= shared + 8;
            words[i] = word(order[i], shared) ^ Long.MIN_VALUE;
        }
        quickSort(low, high - 1, shared, whole);
        if (!whole) {
            return;
        }
        for (int i = low; i < high; ) {
            int end = i + 1;
            while (end < high && words[end] == words[i]) {
                end++;
            }
            if (end - i > 1) {
                long kept = words[i];
                sort(i, end, shared + 8);
                words[i] = kept;
            }
            i = end;
        }
    }

    /** Returns how many first bytes all strings of a range share; at least {@code depth}. */
    private int shared(int low, int high, int depth) {
        int first = order[low];
        int shared = lengths[first];
        for (int i = low + 1; i < high && shared > depth; i++) {
            int at = order[i];
            int most = Math.min(shared, lengths[at]);
            int differ = Arrays.mismatch(
                    data, starts[first] + depth, starts[first] + most, data, starts[at] + depth, starts[at] + most);
            shared = differ < 0 ? most : depth + differ;
        }
        return Math.max(shared, depth);
    }

    private long word(int position, int offset) {
        int left = Math.min(8, lengths[position] - offset);
        int at = starts[position] + offset;
        long word = 0;
        for (int i = 0; i < left; i++) {
            word |= (data[at + i] & 0xffL) << (56 - 8 * i);
        }
        return word;
    }

    private void quickSort(int from, int to, int depth, boolean whole) {
        int low = from;
        int high = to;
        while (high - low > SMALL) {
            int middle = (low + high) >>> 1;
            int pivot = order[middle];
            long pivotWord = words[middle];
            int i = low;
            int j = high;
            while (i <= j) {
                while (compare(i, pivot, pivotWord, depth, whole) < 0) {
                    i++;
                }
                while (compare(j, pivot, pivotWord, depth, whole) > 0) {
                    j--;
                }
                if (i <= j) {
                    swap(i++, j--);
                }
            }
            if (j - low < high - i) {
                quickSort(low, j, depth, whole);
                low = i;
            } else {
                quickSort(i, high, depth, whole);
                high = j;
            }
        }
        for (int i = low + 1; i <= high; i++) {
            int position = order[i];
            long word = words[i];
            int j = i - 1;
            while (j >= low && compare(j, position, word, depth, whole) > 0) {
                order[j + 1] = order[j];
                words[j + 1] = words[j];
                j--;
            }
            order[j + 1] = position;
            words[j + 1] = word;
        }
    }

    private int compare(int slot, int position, long word, int depth, boolean whole) {
        int byWord = Long.compare(words[slot], word);
        return byWord != 0 || whole ? byWord : compare(order[slot], position, depth);
    }

    private int compare(int left, int right, int depth) {
        return Arrays.compareUnsigned(
                data,
                starts[left] + depth,
                starts[left] + lengths[left],
                data,
                starts[right] + depth,
                starts[right] + lengths[right]);
    }

    private void insertionSort(int low, int high, int depth) {
        for (int i = low + 1; i < high; i++) {
            int position = order[i];
            int j = i - 1;
            while (j >= low && compare(order[j], position, depth) > 0) {
                order[j + 1] = order[j];
                j--;
            }
            order[j + 1] = position;
        }
    }

    private void swap(int i, int j) {
        int position = order[i];
        order[i] = order[j];
        order[j] = position;
        long word = words[i];
        words[i] = words[j];
        words[j] = word;
    }
}
