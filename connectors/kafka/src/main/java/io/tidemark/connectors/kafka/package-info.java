/**
 * Kafka as a source: Spark's options, offsets and initial-offset file, read with plain consumers whose positions belong
 * to the checkpoint and never to a consumer group.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.connectors.kafka;
