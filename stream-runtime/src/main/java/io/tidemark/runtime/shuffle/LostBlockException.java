package io.tidemark.runtime.shuffle;

/** A block is not there any more, or not as it was written. The task that made it can make it again. */
final class LostBlockException extends Exception {
    LostBlockException(String message) {
        super(message);
    }

    LostBlockException(String message, Throwable cause) {
        super(message, cause);
    }
}
