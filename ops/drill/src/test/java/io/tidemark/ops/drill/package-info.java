/** The drills that every build runs. */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.drill;
