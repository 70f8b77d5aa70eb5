package io.tidemark.ops.bench;

/** Makes the records of a topic; the number of a record decides its bytes. One thread at a time. */
interface Records {
    /** Returns record {@code id} as JSON. */
    byte[] record(long id);

    /** Whether a query that filters keeps record {@code id}. */
    boolean isKept(long id);

    /** Spreads neighbouring numbers over all 64 bits (the finaliser of SplitMix64). */
    static long mixed(long number) {
        long z = number + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
