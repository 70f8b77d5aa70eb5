package io.tidemark.api.storage;

import java.io.IOException;

/** A held lock; closing releases it, and so does the death of the process. */
public interface StorageLock extends AutoCloseable {
    /** Returns whether storage really excludes others; if not, ownership rests on epochs alone. */
    boolean excludesOthers();

    @Override
    void close() throws IOException;

    /** Returns the lock of a storage that has none. */
    static StorageLock unsupported() {
        return new StorageLock() {
            @Override
            public boolean excludesOthers() {
                return false;
            }

            @Override
            public void close() {}
        };
    }
}
