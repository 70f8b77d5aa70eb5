package io.tidemark.api.error;

/** Who can heal a failure. */
public enum Remedy {
    /** The query, its options or its input are wrong: exit code 2. */
    FIX_QUERY,
    /** A restart from the same checkpoint may succeed: exit code 1. */
    RETRY_FROM_CHECKPOINT,
    /** Another run owns the checkpoint; this one must not be restarted: exit code 3. */
    STOP_THIS_RUN,
    /** A person has to decide or repair something outside the query: exit code 1. */
    ASK_OPERATOR,
    /** Tidemark broke a promise of its own: exit code 1. */
    REPORT_BUG;

    /** Returns the exit code of the command line for a run that ended so. */
    public int exitCode() {
        return switch (this) {
            case FIX_QUERY -> 2;
            case STOP_THIS_RUN -> 3;
            case RETRY_FROM_CHECKPOINT, ASK_OPERATOR, REPORT_BUG -> 1;
        };
    }
}
