package io.tidemark.checkpoint.storage;

import java.io.IOException;

/** Is told of every changing operation of an {@link ObservedStorage}, on the thread that calls it. */
public interface StorageObserver {
    /**
     * Called before an operation; what it throws is thrown to the caller, and the operation does not happen.
     *
     * @param path the file or directory that changes; of a move the target
     * @param bytes what is published, or -1 where the operation has no content
     */
    default void before(StorageOperation operation, String path, long bytes) throws IOException {}

    /** Called after an operation that did not fail. */
    default void after(StorageOperation operation, String path, long bytes) {}
}
