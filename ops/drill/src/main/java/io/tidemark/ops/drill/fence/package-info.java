/** {@code drill fence}: what a driver may still do that was stopped, and from which another has taken over. */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.drill.fence;
