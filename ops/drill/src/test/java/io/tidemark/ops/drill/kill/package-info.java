/** The kill drill in short, and what its parts say. */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.drill.kill;
