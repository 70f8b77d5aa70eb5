/** Starting, watching and stopping streaming queries, with the names of {@code org.apache.spark.sql.streaming}. */
@org.jspecify.annotations.NullMarked
package io.tidemark.api.streaming;
