/** The fence drill in short. */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.drill.fence;
