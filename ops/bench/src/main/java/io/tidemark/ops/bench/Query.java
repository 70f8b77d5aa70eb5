package io.tidemark.ops.bench;

/** What a system is asked to do with a topic. Each peer says it in its own language. */
enum Query {
    /** Parse, keep the rows with an amount of at least 100, project five columns, append to a table. */
    PASS_THROUGH("pass-through"),
    /** Count and sum by page in windows of 5 minutes, with a watermark of 10 minutes, appended to a table. */
    WINDOWS("windows"),
    /** Count and sum by user, every change handed to a sink that drops it. */
    USERS("users"),
    /** As {@link #PASS_THROUGH}, with four columns out of records of a hundred. */
    WIDE("wide");

    private final String label;

    Query(String label) {
        this.label = label;
    }

    /** The name by which the jobs in Java know it. */
    String label() {
        return label;
    }
}
