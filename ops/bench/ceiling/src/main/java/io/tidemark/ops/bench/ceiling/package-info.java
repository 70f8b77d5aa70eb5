/** The workloads in plain Java without an engine: what is left when only the work itself is done. */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.bench.ceiling;
