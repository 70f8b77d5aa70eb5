package io.tidemark.checkpoint.storage;

import io.tidemark.checkpoint.storage.LocalDisk.LocalFile;
import java.io.IOException;

/** Sees the inside of a publishing operation of {@link LocalStorage}. */
interface PublishHook {
    /** Does nothing. */
    PublishHook NONE = new PublishHook() {};

    /** Called when the whole content, {@code length} bytes, is in the temporary file and before that is synced. */
    default void written(StorageOperation operation, String path, LocalFile temporary, long length)
            throws IOException {}

    /** Called when the target has its name, before the temporary name is removed and the directory synced. */
    default void named(StorageOperation operation, String path) {}
}
