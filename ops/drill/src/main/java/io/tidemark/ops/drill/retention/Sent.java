package io.tidemark.ops.drill.retention;

/**
 * A record that was produced.
 *
 * @param generation how often the topic had been created again
 * @param value different for each record
 */
record Sent(String topic, int generation, int partition, long offset, String value) {}
