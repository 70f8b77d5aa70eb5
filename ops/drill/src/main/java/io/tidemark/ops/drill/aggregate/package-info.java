/** Computes aggregates over sample rows and prints the outcome, to be compared with another engine's. */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.drill.aggregate;
