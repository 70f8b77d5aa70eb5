package io.tidemark.api.connector;

/** Makes sinks of one format. Stateless. */
public interface SinkProvider {
    /** Returns the name users write in {@code format(…)}, in lower case. */
    String format();

    /** Returns whether the sink may run with a checkpoint that is thrown away at the end (console, memory, noop). */
    default boolean allowsTemporaryCheckpoint() {
        return false;
    }

    /**
     * Opens the sink for one run. Checks options, output mode, and that an existing table takes the schema; writes
     * nothing.
     */
    Sink open(SinkContext context);
}
