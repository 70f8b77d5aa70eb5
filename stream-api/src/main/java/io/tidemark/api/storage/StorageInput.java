package io.tidemark.api.storage;

import java.io.EOFException;
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

    /** Returns a file that is {@code content}, which is not copied; errors call it {@code path}. */
    static StorageInput of(String path, byte[] content) {
        return new StorageInput() {
            @Override
            public long length() {
                return content.length;
            }

            @Override
            public void readFully(long position, byte[] target, int offset, int length) throws IOException {
                if (position < 0 || position + length > content.length) {
                    throw new EOFException("'" + path + "' ends at byte " + content.length + ", wanted " + length
                            + " bytes from " + position);
                }
                System.arraycopy(content, (int) position, target, offset, length);
            }

            @Override
            public void close() {}
        };
    }
}
