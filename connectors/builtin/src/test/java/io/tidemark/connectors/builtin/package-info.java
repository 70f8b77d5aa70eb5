/** Tests of the built-in sources and sinks. */
@org.jspecify.annotations.NullMarked
package io.tidemark.connectors.builtin;
