/**
 * {@code tidemark drill retention}: what a source loses, and when, against a real broker. Each cell of the matrix event ×
 * failOnDataLoss × isolation level × phase runs a query of its own from Kafka into Delta, lets the event happen at one
 * point of one batch, and counts the rows of the table and of the loss ledger against what was produced.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.drill.retention;
