/** {@code tidemark drill}: a command for each drill. */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.drill.command;
