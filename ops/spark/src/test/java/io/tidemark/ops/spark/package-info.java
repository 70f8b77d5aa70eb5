/**
 * Tidemark against Apache Spark itself, on Spark's own class path: checkpoints handed over in both directions, the bytes
 * of their files, the results of expressions. Tidemark and the Kafka broker run in processes of their own.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.spark;
