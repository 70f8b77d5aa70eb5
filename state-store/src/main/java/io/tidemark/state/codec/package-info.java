/**
 * How Spark turns values into bytes and hashes; state is shared with it, so every bit counts.
 *
 * <p>{@link io.tidemark.state.codec.RowEncoder} and {@link io.tidemark.state.codec.RowDecoder} know Spark's {@code
 * UnsafeRow}, all of it little-endian:
 *
 * <pre>
 * row   = null bits | a word of 8 bytes for each field | variable part
 * array = i64 number of elements | null bits | slots, padded to 8 bytes as a whole | variable part
 * map   = i64 bytes of the keys | array of keys | array of values
 * </pre>
 *
 * Null bits fill whole words; bit i of byte i/8 stands for field i. A value of fixed width stands in the low bytes of its
 * word and the rest is zero, also for negative numbers; an array's slots are 1, 2, 4 or 8 bytes wide. Anything else
 * (strings, binaries, structs, arrays, maps, decimals of more than 18 digits as big-endian bytes) stands in the variable
 * part, in field order, each padded to 8 bytes, and its word is {@code offset << 32 | bytes}, the offset counted from the
 * start of its own row or array. The word of a null is zero. In rows, not in arrays, a decimal of more than 18 digits
 * takes 16 bytes of the variable part whatever its value; if it is null its word keeps the offset.
 *
 * <p>{@link io.tidemark.state.codec.ColumnHash} is Spark's hash of columns, which says where a key's state is.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.state.codec;
