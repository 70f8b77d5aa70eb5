package io.tidemark.connectors.delta.parquet;

/** Parquet's mix of run lengths and bit packing, for levels and dictionary ids. */
final class HybridEncoding {
    private static final int GROUP = 8;

    private HybridEncoding() {}

    /** Returns how many bits hold every number from 0 to {@code max}; at least one. */
    static int bitWidth(int max) {
        return Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(max));
    }

    /** Appends the first {@code count} of {@code values}, each below 2 to the power of {@code bitWidth}. */
    static void encode(int[] values, int count, int bitWidth, ByteSink out) {
        int packedFrom = 0;
        int i = 0;
        while (i < count) {
            int value = values[i];
            int end = i + 1;
            while (end < count && values[end] == value) {
                end++;
            }
            if (end - i >= GROUP) {
                pack(values, packedFrom, i, bitWidth, out);
                run(value, end - i, bitWidth, out);
                i = end;
                packedFrom = i;
            } else {
                i = Math.min(count, i + GROUP);
            }
        }
        pack(values, packedFrom, count, bitWidth, out);
    }

    /** Appends {@code count} times the same value. */
    static void run(int value, int count, int bitWidth, ByteSink out) {
        out.putVarint(count << 1);
        for (int shift = 0; shift < bitWidth; shift += Byte.SIZE) {
            out.putByte(value >>> shift);
        }
    }

    /** Packs {@code [from, until)}; only the last call of an encoding may end inside a group. */
    private static void pack(int[] values, int from, int until, int bitWidth, ByteSink out) {
        if (from == until) {
            return;
        }
        int groups = (until - from + GROUP - 1) / GROUP;
        out.putVarint((groups << 1) | 1);
        out.reserve(groups * bitWidth);
        long bits = 0;
        int held = 0;
        for (int i = from, end = from + groups * GROUP; i < end; i++) {
            long value = i < until ? values[i] : 0;
            bits |= value << held;
            held += bitWidth;
            while (held >= Byte.SIZE) {
                out.putByte((int) bits);
                bits >>>= Byte.SIZE;
                held -= Byte.SIZE;
            }
        }
    }
}
