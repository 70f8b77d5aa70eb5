/** The workloads as Kafka Streams says them; what they append goes to a topic, there is no table. */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.bench.streams;
