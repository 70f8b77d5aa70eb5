package io.tidemark.runtime.expression.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Finds the ordinal of a struct's field from the UTF-8 bytes of a name: by length and eight bytes first, then exactly. */
final class NameTable {
    private final byte[][] names;
    private final long[] heads;
    private final int[] ordinals;
    private final int mask;

    /** @param hidden ordinals that no name leads to; of equal names the last one counts */
    NameTable(List<String> fields, List<Integer> hidden) {
        Map<String, Integer> wanted = new TreeMap<>();
        for (int i = 0; i < fields.size(); i++) {
            if (!hidden.contains(i)) {
                wanted.put(fields.get(i), i);
            }
        }
        int capacity = Integer.highestOneBit(Math.max(4, wanted.size() * 4)) * 2;
        names = new byte[capacity][];
        heads = new long[capacity];
        ordinals = new int[capacity];
        mask = capacity - 1;
        wanted.forEach(this::add);
    }

    private void add(String field, int ordinal) {
        byte[] name = field.getBytes(StandardCharsets.UTF_8);
        long head = head(name, 0, name.length);
        int slot = slot(name, 0, name.length, head);
        while (names[slot] != null) {
            slot = (slot + 1) & mask;
        }
        names[slot] = name;
        heads[slot] = head;
        ordinals[slot] = ordinal;
    }

    /** Returns the ordinal of the field whose name is {@code [p, q)}, or -1. */
    int find(byte[] d, int p, int q) {
        int length = q - p;
        long head = head(d, p, length);
        int slot = slot(d, p, length, head);
        while (true) {
            byte[] name = names[slot];
            if (name == null) {
                return -1;
            }
            if (heads[slot] == head
                    && name.length == length
                    && (length <= 8 || Arrays.equals(name, 8, length, d, p + 8, q))) {
                return ordinals[slot];
            }
            slot = (slot + 1) & mask;
        }
    }

    private static long head(byte[] d, int p, int length) {
        if (p + 8 <= d.length) {
            long x = (long) JsonScanner.LONGS.get(d, p);
            return length >= 8 ? x : x & ((1L << (length << 3)) - 1);
        }
        long x = 0;
        for (int i = Math.min(8, length) - 1; i >= 0; i--) {
            x = x << 8 | (d[p + i] & 0xFF);
        }
        return x;
    }

    private int slot(byte[] d, int p, int length, long head) {
        long x = head;
        if (length > 8) {
            x ^= (long) JsonScanner.LONGS.get(d, p + length - 8) * 31;
        }
        x = (x + length) * 0x9E3779B97F4A7C15L;
        return (int) (x >>> 40) & mask;
    }
}
