/** A pipeline file run by Spark: the same names, options, settings, checkpoint and table. */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.spark.job;
