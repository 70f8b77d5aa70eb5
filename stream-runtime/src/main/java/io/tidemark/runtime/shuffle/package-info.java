/**
 * How rows get from one stage to the next within a batch: {@link io.tidemark.runtime.shuffle.ShuffleWriter} splits them by
 * partition into checked blocks, {@link io.tidemark.runtime.shuffle.ShuffleReader} reads those of one partition in the
 * order of the tasks that wrote them. Blocks live in memory up to a budget, beyond it in files that only this process
 * reads and that never outlive it: nothing here is durable, and what is lost is made again.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.runtime.shuffle;
