/**
 * Sinks and sources that need no other system: console, noop and memory; rate, rate-micro-batch and memory. The runtime
 * finds them through {@link java.util.ServiceLoader}; user code names {@link io.tidemark.connectors.builtin.MemoryStream}
 * and {@link io.tidemark.connectors.builtin.MemorySink} only.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.connectors.builtin;
