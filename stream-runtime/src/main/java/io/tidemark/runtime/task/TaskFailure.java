package io.tidemark.runtime.task;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.EvaluationException;
import io.tidemark.api.error.Remedy;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.StorageFullException;

/** What ended a stage: the task, how often it was tried, and why it failed last. */
final class TaskFailure {
    private final String task;
    private final int attempts;
    private final Throwable cause;

    TaskFailure(String task, int attempts, Throwable cause) {
        this.task = task;
        this.attempts = attempts;
        this.cause = cause;
    }

    /** Returns whether the same task may succeed when it runs again over the same rows. */
    static boolean mayHeal(Exception e) {
        return e instanceof TidemarkException known
                ? known.code().remedy() == Remedy.RETRY_FROM_CHECKPOINT
                : !(e instanceof StorageFullException); // the next attempt would need even more
    }

    TidemarkException asTidemark() {
        if (cause instanceof EvaluationException row) {
            return row.at(task);
        } else if (cause instanceof StorageFullException full) {
            return new TidemarkException(
                    ErrorCode.STORAGE_FULL,
                    "No space is left (" + full.getMessage() + ") for what " + task
                            + " writes. Free some and start again; nothing of the batch was committed.",
                    full);
        } else if (cause instanceof TidemarkException known) {
            return known;
        } else if (cause instanceof Error error) {
            throw error;
        } else if (cause instanceof InterruptedException) {
            return new TidemarkException(
                    ErrorCode.TASK_FAILED, "Task " + task + " was interrupted. Start again.", cause);
        }
        return new TidemarkException(
                ErrorCode.TASK_FAILED,
                "Task " + task + " failed " + attempts + " times, last with " + cause
                        + ". Mend that and start again; nothing of the batch was committed.",
                cause);
    }
}
