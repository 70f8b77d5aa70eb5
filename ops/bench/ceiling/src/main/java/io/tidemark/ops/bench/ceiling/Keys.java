package io.tidemark.ops.bench.ceiling;

import java.util.Arrays;

/**
 * A hash table from short texts to a count and a sum, open addressing, keys side by side in one array. Grows; never
 * forgets a key until it is cleared. One thread.
 */
final class Keys {
    private static final double FULL = 0.6;

    private byte[] texts = new byte[1 << 16];
    private int textsEnd;
    private int[] starts;
    private short[] lengths;
    private int[] hashes;
    private long[] windows;
    private long[] counts;
    private double[] sums;
    private int[] order;
    private int size;

    Keys() {
        int capacity = 1 << 12;
        starts = new int[capacity];
        lengths = new short[capacity];
        hashes = new int[capacity];
        windows = new long[capacity];
        counts = new long[capacity];
        sums = new double[capacity];
        order = new int[capacity];
    }

    /** Adds one row to the key of {@code window} and a text; a count of zero marks a free slot. */
    void add(long window, byte[] text, int length, double amount) {
        int hash = hash(window, text, length);
        int slot = hash & (counts.length - 1);
        while (counts[slot] != 0 && !is(slot, hash, window, text, length)) {
            slot = (slot + 1) & (counts.length - 1);
        }
        if (counts[slot] == 0) {
            insert(slot, hash, window, text, length);
        }
        counts[slot]++;
        sums[slot] += amount;
        if (size > FULL * counts.length) {
            grow();
        }
    }

    private boolean is(int slot, int hash, long window, byte[] text, int length) {
        int start = starts[slot];
        return hashes[slot] == hash
                && windows[slot] == window
                && lengths[slot] == length
                && Arrays.equals(texts, start, start + length, text, 0, length);
    }

    private void insert(int slot, int hash, long window, byte[] text, int length) {
        if (textsEnd + length > texts.length) {
            texts = Arrays.copyOf(texts, 2 * texts.length);
        }
        System.arraycopy(text, 0, texts, textsEnd, length);
        starts[slot] = textsEnd;
        lengths[slot] = (short) length;
        hashes[slot] = hash;
        windows[slot] = window;
        textsEnd += length;
        order[size++] = slot;
    }

    private void grow() {
        Keys larger = new Keys(2 * counts.length);
        for (int i = 0; i < size; i++) {
            int from = order[i];
            int slot = hashes[from] & (larger.counts.length - 1);
            while (larger.counts[slot] != 0) {
                slot = (slot + 1) & (larger.counts.length - 1);
            }
            larger.starts[slot] = starts[from];
            larger.lengths[slot] = lengths[from];
            larger.hashes[slot] = hashes[from];
            larger.windows[slot] = windows[from];
            larger.counts[slot] = counts[from];
            larger.sums[slot] = sums[from];
            larger.order[larger.size++] = slot;
        }
        starts = larger.starts;
        lengths = larger.lengths;
        hashes = larger.hashes;
        windows = larger.windows;
        counts = larger.counts;
        sums = larger.sums;
        order = larger.order;
    }

    private Keys(int capacity) {
        starts = new int[capacity];
        lengths = new short[capacity];
        hashes = new int[capacity];
        windows = new long[capacity];
        counts = new long[capacity];
        sums = new double[capacity];
        order = new int[capacity];
    }

    private static int hash(long window, byte[] text, int length) {
        long hash = window * 0x9E3779B97F4A7C15L;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ text[i]) * 0x100000001B3L;
        }
        return (int) (hash ^ (hash >>> 32));
    }

    int size() {
        return size;
    }

    /** Returns the text of the {@code index}-th key that was added. */
    byte[] text(int index) {
        int slot = order[index];
        return Arrays.copyOfRange(texts, starts[slot], starts[slot] + lengths[slot]);
    }

    long count(int index) {
        return counts[order[index]];
    }

    double sum(int index) {
        return sums[order[index]];
    }

    void clear() {
        Arrays.fill(counts, 0);
        Arrays.fill(sums, 0);
        textsEnd = 0;
        size = 0;
    }
}
