/** Runs streaming queries over given rows, step by step, to be compared with another engine. */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.drill.equivalence;
