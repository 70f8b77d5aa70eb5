package io.tidemark.runtime.task;

/** One partition of one stage. Must be repeatable: each attempt starts from nothing. */
public interface Task<T> {
    /** Returns a short name for messages. */
    String describe();

    /**
     * Computes the partition. Runs on a task thread, interrupted when the stage is given up or another attempt was
     * faster; two attempts may run at once.
     */
    T run(TaskAttempt attempt) throws Exception;
}
