package io.tidemark.state.rocksdb;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.state.StateStoreId;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Checkpoint;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Statistics;
import org.rocksdb.StatsLevel;
import org.rocksdb.StringAppendOperator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * An open RocksDB in a local folder, with the options Spark opens it with. Reads and iterators on any thread; {@link
 * #write} and {@link #close} by one, while nobody reads. A database that failed once is {@link #broken} for good: RocksDB
 * keeps its error, also when its cause, such as a full disk, has passed.
 */
final class LocalDb implements AutoCloseable {
    private static final int BATCH_BYTES = 256 << 10;
    private static final long MANIFEST_BYTES = 64 << 10; // at once; what the engine would take is zeroed at each open
    private static final double MEMTABLE_FILTER = 0.02; // of a memtable's size: ten bits a key of 60 bytes

    private final StateStoreId id;
    private final Path directory;
    private final NativeMemory memory;
    private final Deque<AutoCloseable> natives = new ArrayDeque<>();
    private final Statistics statistics;
    private final WriteOptions writeOptions;
    private final RocksDB db;
    private volatile boolean broken;

    private LocalDb(StateStoreId id, Path directory, RocksDbConf conf, NativeMemory memory) throws RocksDBException {
        this.id = id;
        this.directory = directory;
        this.memory = memory;
        statistics = own(new Statistics());
        statistics.setStatsLevel(StatsLevel.EXCEPT_DETAILED_TIMERS);
        BlockBasedTableConfig tables = new BlockBasedTableConfig()
                .setFormatVersion(conf.formatVersion())
                .setBlockSize(conf.blockBytes())
                .setBlockCache(memory.cache())
                .setFilterPolicy(own(new BloomFilter(10, false)))
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true);
        Options options = own(new Options())
                .setCreateIfMissing(true)
                .setWriteBufferManager(memory.memtables())
                .setWriteBufferSize(conf.writeBufferBytes())
                .setCompressionType(conf.compression())
                .setMergeOperator(own(new StringAppendOperator(',')))
                .setMaxOpenFiles(-1)
                .setManifestPreallocationSize(MANIFEST_BYTES)
                .setKeepLogFileNum(1)
                .setInfoLogLevel(InfoLogLevel.ERROR_LEVEL)
                .setStatsDumpPeriodSec(0)
                .setMemtableWholeKeyFiltering(true) // most keys of a batch are not in the memtable
                .setMemtablePrefixBloomSizeRatio(MEMTABLE_FILTER)
                .setStatistics(statistics)
                .setTableFormatConfig(tables);
        if (conf.writeBuffers() > 0) {
            options.setMaxWriteBufferNumber(conf.writeBuffers());
        }
        writeOptions = own(new WriteOptions()).setDisableWAL(true);
        try {
            db = own(RocksDB.open(options, directory.toString()));
        } catch (RocksDBException e) {
            closeNatives();
            throw e;
        }
    }

    /**
     * Opens what stands in a folder, or a new database.
     *
     * @throws RocksDBException if what stands there is none, or a damaged one
     */
    static LocalDb open(StateStoreId id, Path directory, RocksDbConf conf, NativeMemory memory)
            throws RocksDBException {
        LocalDb opened = new LocalDb(id, directory, conf, memory);
        memory.storeOpened();
        return opened;
    }

    private <T extends AutoCloseable> T own(T object) {
        natives.push(object);
        return object;
    }

    Path directory() {
        return directory;
    }

    boolean broken() {
        return broken;
    }

    Statistics statistics() {
        return statistics;
    }

    byte @Nullable [] get(byte[] key, int start, int length) {
        try {
            return db.get(key, start, length);
        } catch (RocksDBException e) {
            throw failed("read", e);
        }
    }

    /** Returns the values of keys, which are best in order; null for an absent one. */
    List<byte @Nullable []> multiGet(List<byte[]> keys) {
        try {
            return db.multiGetAsList(keys);
        } catch (RocksDBException e) {
            throw failed("read", e);
        }
    }

    /** Makes all writes of a use, in the order of their keys. */
    void write(PendingWrites writes) {
        int[] sorted = writes.sortedWrites();
        BatchBytes batch = new BatchBytes(BATCH_BYTES);
        for (int i = 0; i < writes.writes(); i++) {
            batch.add(writes, sorted[i]);
            if (batch.length() >= BATCH_BYTES) {
                write(batch);
            }
        }
        if (batch.count() > 0) {
            write(batch);
        }
    }

    private void write(BatchBytes bytes) {
        try (WriteBatch batch = new WriteBatch(bytes.take())) {
            db.write(writeOptions, batch);
        } catch (RocksDBException e) {
            throw failed("write", e);
        }
    }

    /**
     * Returns an iterator over a range as it is now; the caller closes it and whatever it was made with by closing {@link
     * Cursor}.
     *
     * @param from the first key, or null
     * @param until the key to end before, or null
     */
    Cursor cursor(byte @Nullable [] from, byte @Nullable [] until) {
        return new Cursor(from, until);
    }

    /** Counts the keys by a walk over all of them. */
    long count() {
        long keys = 0;
        try (Cursor cursor = cursor(null, null)) {
            while (cursor.next()) {
                keys++;
            }
        }
        return keys;
    }

    /** Writes memtables to files, compacting everything first where that is asked for. */
    void flush(boolean compact) {
        try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
            db.flush(options);
            if (compact) {
                db.compactRange();
            }
        } catch (RocksDBException e) {
            throw failed("flush", e);
        }
    }

    /** Makes a copy of the flushed database in a folder that does not exist yet, by hard links. */
    void checkpoint(Path target) {
        try (Checkpoint checkpoint = Checkpoint.create(db)) {
            checkpoint.createCheckpoint(target.toString());
        } catch (RocksDBException e) {
            throw failed("copy", e);
        }
    }

    /** Reads every block of every file and compares its checksum. */
    void verify() throws RocksDBException {
        db.verifyChecksum();
    }

    long tableBytes() {
        try {
            return db.getLongProperty("rocksdb.total-sst-files-size");
        } catch (RocksDBException e) {
            throw failed("measure", e);
        }
    }

    /** Returns a fair share of the memory that is shared. */
    long memoryBytes() {
        return memory.share();
    }

    long pinnedBytes() {
        return memory.pinned();
    }

    TidemarkException failed(String what, RocksDBException e) {
        broken = true;
        return new TidemarkException(
                ErrorCode.STATE_STORE_FAILED,
                "Cannot " + what + " state store '" + id + "' in '" + directory + "': RocksDB says "
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse("nothing")
                        + ". The local copy is dropped and made anew when the batch runs again; make room if the disk is "
                        + "full.",
                e);
    }

    @Override
    public void close() {
        memory.storeClosed();
        closeNatives();
    }

    private void closeNatives() {
        while (!natives.isEmpty()) {
            try {
                natives.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a native object cannot be closed", e);
            }
        }
    }

    /** A walk over a range. One thread. */
    final class Cursor implements AutoCloseable {
        private final @Nullable Slice bound;
        private final ReadOptions options;
        private final RocksIterator iterator;
        private boolean started;
        private final byte @Nullable [] from;

        private Cursor(byte @Nullable [] from, byte @Nullable [] until) {
            this.from = from;
            bound = until == null ? null : new Slice(until);
            options = new ReadOptions();
            if (from == null && until == null) {
                options.setFillCache(false); // a walk over everything must not drive out what is looked up
            }
            if (bound != null) {
                options.setIterateUpperBound(bound);
            }
            iterator = db.newIterator(options);
        }

        /** Moves to the next entry; false at the end. */
        boolean next() {
            if (started) {
                iterator.next();
            } else if (from != null) {
                iterator.seek(from);
            } else {
                iterator.seekToFirst();
            }
            started = true;
            if (iterator.isValid()) {
                return true;
            }
            try {
                iterator.status();
            } catch (RocksDBException e) {
                throw failed("walk over", e);
            }
            return false;
        }

        byte[] key() {
            return iterator.key();
        }

        byte[] value() {
            return iterator.value();
        }

        @Override
        public void close() {
            iterator.close();
            options.close();
            if (bound != null) {
                bound.close();
            }
        }
    }

    /** Entries in the serialised form of a RocksDB write batch: {@code sequence:i64 count:i32le}, then the records. */
    private static final class BatchBytes {
        private static final int HEADER = 12;
        private static final byte DELETE = 0;
        private static final byte PUT = 1;

        private byte[] bytes;
        private int length = HEADER;
        private int count;

        BatchBytes(int expected) {
            bytes = new byte[expected + (expected >> 3)];
        }

        int length() {
            return length;
        }

        int count() {
            return count;
        }

        void add(PendingWrites from, int entry) {
            int keyLength = from.keyLength(entry);
            int valueLength = from.valueLength(entry);
            long needed = (long) length + 11 + keyLength + Math.max(0, valueLength);
            if (needed > bytes.length) {
                bytes = java.util.Arrays.copyOf(bytes, Math.toIntExact(needed + (needed >> 3)));
            }
            boolean put = valueLength >= 0;
            bytes[length++] = put ? PUT : DELETE;
            string(from.keys(), from.keyStart(entry), keyLength);
            if (put) {
                string(from.values(), from.valueStart(entry), valueLength);
            }
            count++;
        }

        private void string(byte[] data, int start, int size) {
            int left = size;
            while ((left & ~0x7f) != 0) {
                bytes[length++] = (byte) (left | 0x80);
                left >>>= 7;
            }
            bytes[length++] = (byte) left;
            System.arraycopy(data, start, bytes, length, size);
            length += size;
        }

        /** Returns the batch and begins the next. */
        byte[] take() {
            for (int i = 0; i < 4; i++) {
                bytes[8 + i] = (byte) (count >>> (8 * i));
            }
            byte[] taken = java.util.Arrays.copyOf(bytes, length);
            length = HEADER;
            count = 0;
            return taken;
        }
    }

    /** Returns keys of some entries as the database's reads want them. */
    static List<byte[]> keysOf(PendingWrites writes, int[] entries, int from, int to) {
        List<byte[]> keys = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            int start = writes.keyStart(entries[i]);
            keys.add(java.util.Arrays.copyOfRange(writes.keys(), start, start + writes.keyLength(entries[i])));
        }
        return keys;
    }
}
