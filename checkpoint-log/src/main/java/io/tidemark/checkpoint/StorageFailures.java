package io.tidemark.checkpoint;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.StorageFullException;
import io.tidemark.api.storage.UnknownOutcomeException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NotDirectoryException;

/** Turns what storage reports into errors a person can act on. */
final class StorageFailures {
    private StorageFailures() {}

    /** Returns the error for an operation ({@code read}, {@code store} …) on {@code path}. */
    static TidemarkException of(String operation, String path, IOException e) {
        String problem = "Cannot " + operation + " '" + path + "': ";
        if (e instanceof FileAlreadyExistsException) {
            return new TidemarkException(
                    ErrorCode.BATCH_CONFLICT,
                    problem + "a file of this name exists: another run writes to this checkpoint, or one that was "
                            + "fenced off did so late. A restart finds out which and goes on.",
                    e);
        }
        if (e instanceof NotDirectoryException) {
            return new TidemarkException(
                    ErrorCode.INVALID_OPTION,
                    problem + "a file stands in this path where a folder must be. Choose another "
                            + "checkpointLocation, or move that file away.",
                    e);
        }
        if (e instanceof UnknownOutcomeException) {
            return new TidemarkException(
                    ErrorCode.COMMIT_UNKNOWN,
                    problem + "storage did not say whether it was stored (" + e.getMessage()
                            + "). A restart reads it back and goes on.",
                    e);
        }
        if (e instanceof StorageFullException) {
            return new TidemarkException(
                    ErrorCode.STORAGE_FULL,
                    problem + "there is no space left (" + e.getMessage()
                            + "). Free some and start again; nothing was lost.",
                    e);
        }
        return new TidemarkException(
                ErrorCode.STORAGE_FAILED,
                problem + e.getClass().getSimpleName() + " " + e.getMessage()
                        + ". Check the storage; a restart goes on from the last committed batch.",
                e);
    }
}
