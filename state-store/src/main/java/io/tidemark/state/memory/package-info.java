/**
 * The provider that holds all state in memory and keeps {@code V.delta} and {@code V.snapshot} files, as Spark's {@code
 * HDFSBackedStateStoreProvider} does. {@link io.tidemark.state.memory.MemoryStateStores} is all that others need of it.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.state.memory;
