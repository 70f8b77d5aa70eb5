/**
 * State in RocksDB, in files that are Spark's: {@code V.changelog} with what changed, {@code V.zip} with a snapshot whose
 * SSTs stand in {@code SSTs/}. {@link io.tidemark.state.rocksdb.RocksDbStateStores} is the way in.
 *
 * <p>A store of this process is a local RocksDB at one committed version. A use of it reads from there and keeps its
 * writes on the heap, so that giving up costs nothing and several uses can share one database; what became of a batch
 * reaches the database when the next version is opened. The local folder is a cache: whenever it is not provably the
 * wanted version, it is made anew from the checkpoint's files.
 */
@org.jspecify.annotations.NullMarked
package io.tidemark.state.rocksdb;
