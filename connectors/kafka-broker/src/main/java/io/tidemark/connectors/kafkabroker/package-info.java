/**
 * A real Kafka broker (KRaft, one node) for tests, drills and the demo: in this JVM, or in one of its own that can be
 * killed and paused. Not for production data.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.connectors.kafkabroker;
