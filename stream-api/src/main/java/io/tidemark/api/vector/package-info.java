/**
 * Columns of a few thousand rows: what flows between operators and what connectors read and write. Physical layouts are
 * few: several SQL types share one ({@link io.tidemark.api.types.AtomicType} names them).
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.api.vector;
