package io.tidemark.api.storage;

import java.io.IOException;
import java.io.OutputStream;

/** A file being written. Nothing shows under the target until {@link #publish}; closing before that drops it. */
public abstract class StorageOutput extends OutputStream {
    /** Returns how many bytes were written so far. */
    public abstract long position();

    /**
     * Syncs the content and gives it its name; durable on return.
     *
     * @throws java.nio.file.FileAlreadyExistsException if the target exists and may not be replaced
     */
    public abstract void publish() throws IOException;

    /** Drops the file unless it was published. */
    @Override
    public abstract void close() throws IOException;
}
