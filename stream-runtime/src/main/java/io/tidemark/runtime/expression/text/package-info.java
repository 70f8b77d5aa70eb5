/**
 * Functions on strings, which are ranges of UTF-8 bytes: most work on the bytes, those that only cut share them with
 * their input. {@link io.tidemark.runtime.expression.text.TextFunctions} names them all.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.runtime.expression.text;
