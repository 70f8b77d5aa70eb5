/** Programs for measurements: fill a topic, and read from a checkpoint how fast its batches were committed. */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.drill.load;
