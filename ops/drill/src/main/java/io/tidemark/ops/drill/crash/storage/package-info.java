/**
 * Storage in memory that knows what a crash leaves: the product's own file layers stand on top of simulated system calls,
 * every call is kept in a journal, and from the journal follows what a restarted machine finds.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.drill.crash.storage;
