/**
 * Versioned keyed state: the stores of a query's stateful operators, in files that Spark reads and writes too. {@link
 * io.tidemark.state.StateStores} opens versions, {@link io.tidemark.state.StateStore} is one that is being changed. Rows
 * and hashes stand in {@code codec}; the providers know each other no more than their callers know which of them it is.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.state;
