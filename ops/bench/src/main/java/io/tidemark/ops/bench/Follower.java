package io.tidemark.ops.bench;

import java.io.IOException;

/** Finds out, in a thread of its own, what a running system commits. */
interface Follower {
    /** Adds what is new to {@code progress}; called again and again. */
    void look(Progress progress) throws IOException;
}
