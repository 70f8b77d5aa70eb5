/** Tests of the programs for measurements. */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.drill.load;
