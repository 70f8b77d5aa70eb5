package io.tidemark.state.rocksdb;

import org.jspecify.annotations.Nullable;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The native memory of all stores of this process: one cache of blocks, to which the memtables are charged, so that both
 * together keep to one budget. Made by the first user, closed with the last. Safe for use by many threads.
 */
final class NativeMemory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NativeMemory.class);

    private static @Nullable NativeMemory shared; // guarded by the class

    private final long budget;
    private final LRUCache cache;
    private final WriteBufferManager memtables;
    private int users; // guarded by the class
    private int stores; // guarded by the class

    private NativeMemory(RocksDbConf conf) {
        RocksDB.loadLibrary();
        budget = conf.memoryBytes();
        cache = new LRUCache(budget, -1, false, conf.highPriorityRatio());
        memtables = new WriteBufferManager(
                Math.max(1 << 20, (long) (budget * Math.min(conf.writeBufferRatio(), 0.5))), cache);
    }

    /** Returns the memory of the process; a budget other than that of the first user is not applied, with a warning. */
    static synchronized NativeMemory acquire(RocksDbConf conf) {
        NativeMemory memory = shared;
        if (memory == null) {
            memory = new NativeMemory(conf);
            shared = memory;
        } else if (memory.budget != conf.memoryBytes()) {
            LOG.warn(
                    "State of this query shares the {} bytes of native memory that an earlier query asked for; its own {} "
                            + "bytes are not applied",
                    memory.budget,
                    conf.memoryBytes());
        }
        memory.users++;
        return memory;
    }

    Cache cache() {
        return cache;
    }

    WriteBufferManager memtables() {
        return memtables;
    }

    /** Counts a database as open; {@link #storeClosed} takes it back. */
    void storeOpened() {
        synchronized (NativeMemory.class) {
            stores++;
        }
    }

    void storeClosed() {
        synchronized (NativeMemory.class) {
            stores--;
        }
    }

    /** Returns what is taken in bytes: blocks and memtables. */
    long used() {
        return cache.getUsage();
    }

    long pinned() {
        return cache.getPinnedUsage();
    }

    /** Returns what is taken, divided by the open databases. */
    long share() {
        synchronized (NativeMemory.class) {
            return used() / Math.max(1, stores);
        }
    }

    @Override
    public void close() {
        synchronized (NativeMemory.class) {
            if (--users == 0) {
                shared = null;
                memtables.close();
                cache.close();
            }
        }
    }
}
