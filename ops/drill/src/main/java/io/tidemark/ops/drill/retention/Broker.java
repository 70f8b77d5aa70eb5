package io.tidemark.ops.drill.retention;

/** What the drill does to the broker that all cells share. Only while no other cell runs. */
interface Broker {
    String servers();

    /** Stops it, cuts a partition so that it ends at {@code end}, the end of a record batch, and starts it again. */
    void cut(String topic, int partition, long end);

    /** Stops it and starts it again; its partitions have a new leader epoch then. */
    void restart();
}
