/**
 * Versioned keyed state. Stateless queries need none; what a plan must already agree on with Spark, how rows
 * are spread over partitions, stands in {@code codec}.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.state;
