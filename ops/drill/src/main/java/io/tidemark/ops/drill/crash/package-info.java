/**
 * {@code tidemark drill crash-points}: stops a query at every step of its protocol, on storage that knows what a crash
 * leaves, starts it again, and looks whether anybody could tell.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.drill.crash;
