/**
 * The micro-batch loop: {@code BatchPlanner} decides what a batch covers, {@code BatchRunner} computes it, {@code
 * BatchCommitter} makes it final, {@code Recovery} finds where the last run ended. The order of the durable writes is
 * the protocol; it stands in the architecture notes.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.runtime.batch;
