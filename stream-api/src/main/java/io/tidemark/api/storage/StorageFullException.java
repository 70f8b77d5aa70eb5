package io.tidemark.api.storage;

import java.io.IOException;

/** There is no space (or quota) left; nothing was published. */
public final class StorageFullException extends IOException {
    public StorageFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
