/** How Spark turns values into bytes and hashes; state is shared with it, so every bit counts. */
@org.jspecify.annotations.NullMarked
package io.tidemark.state.codec;
