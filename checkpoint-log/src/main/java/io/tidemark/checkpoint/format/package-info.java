/**
 * The bytes of every control file and the records they stand for, with no file access of its own. What Spark knows is
 * Spark's, byte for byte; the sidecar's files are ours.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.checkpoint.format;
