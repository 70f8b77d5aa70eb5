package io.tidemark.runtime.operator;

/** A step that holds rows back within its task: a partial aggregate, a local limit. */
public non-sealed interface GatheringStep extends Step {
    /** Starts it for one task; what comes out goes to {@code out}. */
    Gathering open(TaskContext context, BatchConsumer out);

    /** The step in one task. One thread. */
    interface Gathering extends BatchConsumer {
        /** Hands on what is still held back. Called once, after the last batch. */
        void finish() throws Exception;
    }
}
