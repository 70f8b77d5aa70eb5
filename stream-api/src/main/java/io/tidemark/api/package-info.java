/**
 * What a user's code sees: session, Dataset, Column, functions, and the life of a query, with Spark's names. Needs the
 * JDK only; the engine behind it is found through {@link java.util.ServiceLoader}.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.api;
