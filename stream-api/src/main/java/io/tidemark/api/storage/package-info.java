/**
 * The file layer's interface. {@code checkpoint-log} implements it for local disk and for Hadoop's file systems; the
 * runtime hands it to sources, sinks and state.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.api.storage;
