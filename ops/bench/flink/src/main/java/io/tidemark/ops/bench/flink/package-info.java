/** The workloads as a good engineer would write them for Flink's DataStream API; tables are folders of Parquet files. */
@org.jspecify.annotations.NullMarked
package io.tidemark.ops.bench.flink;
