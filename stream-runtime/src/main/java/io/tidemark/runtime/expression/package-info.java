/**
 * Typed expressions and the kernels that compute them over columns. Functions are added to {@link
 * io.tidemark.runtime.expression.FunctionRegistry}, one {@link io.tidemark.runtime.expression.FunctionDefinition} each:
 * its names, its typing and its kernel in one place.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.runtime.expression;
