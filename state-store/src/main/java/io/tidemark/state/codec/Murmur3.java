package io.tidemark.state.codec;

/**
 * Murmur3 for 32 bits (x86), as Spark's {@code Murmur3_x86_32} computes it. Bytes behind the last whole word are mixed
 * in one by one, each as a signed int: not what Murmur3 says, but what Spark's partitioning has always done.
 */
public final class Murmur3 {
    private static final int C1 = 0xcc9e2d51;
    private static final int C2 = 0x1b873593;

    private Murmur3() {}

    /** Hashes four bytes. */
    public static int hashInt(int value, int seed) {
        return finish(mix(seed, value), 4);
    }

    /** Hashes eight bytes, the lower half first. */
    public static int hashLong(long value, int seed) {
        return finish(mix(mix(seed, (int) value), (int) (value >>> 32)), 8);
    }

    /** Hashes a range of bytes. */
    public static int hashBytes(byte[] data, int start, int length, int seed) {
        int hash = seed;
        int words = length & ~3;
        for (int i = start; i < start + words; i += 4) {
            hash = mix(hash, UnsafeLayout.getInt(data, i));
        }
        for (int i = start + words; i < start + length; i++) {
            hash = mix(hash, data[i]);
        }
        return finish(hash, length);
    }

    private static int mix(int hash, int word) {
        int k = Integer.rotateLeft(word * C1, 15) * C2;
        return Integer.rotateLeft(hash ^ k, 13) * 5 + 0xe6546b64;
    }

    private static int finish(int hash, int length) {
        int h = hash ^ length;
        h ^= h >>> 16;
        h *= 0x85ebca6b;
        h ^= h >>> 13;
        h *= 0xc2b2ae35;
        return h ^ (h >>> 16);
    }
}
