/**
 * Looks into the state of a checkpoint, Tidemark's own or Spark's, without writing to it: {@link
 * io.tidemark.state.reader.StateReader} reads the rows of any version that is still there, {@link
 * io.tidemark.state.reader.StateInventory} says which versions those are and what is wrong.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.state.reader;
