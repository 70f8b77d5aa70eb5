package io.tidemark.ops.drill.fence;

/** What the first driver finds when it starts. */
enum Beginning {
    /** Nothing. */
    NOTHING,
    /** A batch that a driver had staged, but not prepared, when it died. */
    STAGED,
    /** A batch that a driver had prepared, whose state has its names, when it died; then a staged file of it was lost. */
    DAMAGED,
    /** As {@link #DAMAGED}, but the plan of that batch is gone instead: the checkpoint is from a backup. */
    RESTORED
}
