/**
 * Versioned keyed state. Stateless queries need none; this package holds what a plan must already agree on with Spark:
 * how rows are spread over state partitions.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.state;
