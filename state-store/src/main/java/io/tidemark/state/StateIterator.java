package io.tidemark.state;

/**
 * Walks over entries of a store. {@code while (it.next()) { it.key(); it.value(); }}. One thread; holds native resources
 * until closed; sees what was written before it was made, and may not see what is written after.
 */
public interface StateIterator extends AutoCloseable {
    /** Moves to the next entry; false if there is none. */
    boolean next();

    /** Returns the key's row as encoded by {@link io.tidemark.state.codec.RowEncoder}; the caller's to keep. */
    byte[] key();

    /** Returns the value's row; the caller's to keep. */
    byte[] value();

    @Override
    void close();
}
