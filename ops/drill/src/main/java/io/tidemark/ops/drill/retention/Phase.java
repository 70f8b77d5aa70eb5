package io.tidemark.ops.drill.retention;

/** At which point of a query's life an event happens. */
enum Phase {
    P0("before the first start"),
    P1("after offsets/N is written"),
    P2("while the batch is read"),
    P3("after the sink's commit, before commits/N"),
    P4("while the query is down");

    private final String words;

    Phase(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
