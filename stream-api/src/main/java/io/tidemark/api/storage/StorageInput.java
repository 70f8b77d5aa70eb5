package io.tidemark.api.storage;

import java.io.IOException;

/** A file open for reading. Not safe for use by several threads. */
public interface StorageInput extends AutoCloseable {
    /** Returns the length in bytes when it was opened. */
    long length();

    /**
     * Reads bytes from {@code position} until {@code length} are there.
     *
     * @throws java.io.EOFException if the file ends before that
     */
    void readFully(long position, byte[] target, int offset, int length) throws IOException;

    @Override
    void close() throws IOException;
}
