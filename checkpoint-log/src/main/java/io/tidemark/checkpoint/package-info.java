/**
 * The checkpoint directory of a query: who owns it, its plan of record, its commits, and the sidecar that stands beside
 * them. The runtime's batch loop writes through it; the command line reads with {@link
 * io.tidemark.checkpoint.CheckpointInspector}.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.checkpoint;
