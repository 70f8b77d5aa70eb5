/**
 * Writes column batches as Parquet, a column at a time and without Hadoop: {@link
 * io.tidemark.connectors.delta.parquet.ParquetEncoder} is the door. Data pages of version 1, as Spark writes them.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.connectors.delta.parquet;
