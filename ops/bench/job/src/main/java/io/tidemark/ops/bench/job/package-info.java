/** What the jobs in plain Java share: the row, its parsers, its Parquet files, and how they tell what is committed. */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.bench.job;
