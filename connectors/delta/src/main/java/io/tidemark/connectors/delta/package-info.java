/**
 * The Delta connector: stages Parquet files of its own making and commits them through Delta Kernel, a batch exactly
 * once. Kernel stands behind {@code DeltaTable} and reads and writes through the storage it is given.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.connectors.delta;
