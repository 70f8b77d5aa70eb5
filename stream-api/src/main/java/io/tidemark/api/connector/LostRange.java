package io.tidemark.api.connector;

/**
 * Rows that a source no longer has: {@code [from, until)} of a partition, and why.
 *
 * @param until -1 if the end is not known
 * @param rows how many rows are missing, -1 if that cannot be known
 */
public record LostRange(String topic, int partition, long from, long until, long rows, String cause) {}
