/** Programs to copy from. */
@org.jspecify.annotations.NullMarked
package io.tidemark.samples;
