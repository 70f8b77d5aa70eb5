/**
 * Functions that make, search and rearrange structs, arrays and maps: most compute positions and let {@link
 * io.tidemark.runtime.expression.function.VectorGather} move the values. {@link
 * io.tidemark.runtime.expression.collection.CollectionFunctions} names them all.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.runtime.expression.collection;
