package io.tidemark.runtime.task;

/** One partition of one stage. Must be repeatable: each attempt starts from nothing. */
public interface Task<T> {
    /** Returns a short name for messages. */
    String describe();

    /** Computes the partition. Runs on a task thread, interrupted when the stage is given up. */
    T run(int attempt) throws Exception;
}
