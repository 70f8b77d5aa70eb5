/** Whether Spark can go on from a checkpoint as it stands. Reads alone. */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.cli.handover;
