package io.tidemark.state.format;

/** The decompressed bytes of a file in memory, from front to back. One thread. */
interface RawBytes extends AutoCloseable {
    /** Returns how many bytes {@link #read} will write at least room for: what to have free before it is called. */
    int nextLength();

    /**
     * Appends the next bytes.
     *
     * @return how many, at most {@link #nextLength}; -1 at the end
     * @throws StateFileException if the file is damaged here
     */
    int read(byte[] target, int offset);

    @Override
    void close();
}
