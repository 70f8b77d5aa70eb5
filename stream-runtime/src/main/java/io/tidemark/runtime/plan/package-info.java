/** Relations with names resolved and types known: what analysis makes, the optimiser rewrites and the operators run. */
@org.jspecify.annotations.NullMarked
package io.tidemark.runtime.plan;
