/**
 * The builtin functions that work on numbers, truth values, dates and times, and the casts between types: typing by
 * {@link io.tidemark.runtime.expression.function.TypeCoercion}, one list per family, collected by {@link
 * io.tidemark.runtime.expression.function.BuiltinFunctions}. Other families lie in sibling packages.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.runtime.expression.function;
