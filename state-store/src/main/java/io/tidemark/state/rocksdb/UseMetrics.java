package io.tidemark.state.rocksdb;

import io.tidemark.api.TimeSource;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.rocksdb.HistogramType;
import org.rocksdb.Statistics;
import org.rocksdb.TickerType;

/** What one use of a store costs, by Spark's names. RocksDB's own counts are of the time since the use began. One thread. */
final class UseMetrics {
    private static final TickerType[] TICKERS = {
        TickerType.BLOCK_CACHE_MISS,
        TickerType.BLOCK_CACHE_HIT,
        TickerType.BYTES_READ,
        TickerType.BYTES_WRITTEN,
        TickerType.ITER_BYTES_READ,
        TickerType.STALL_MICROS,
        TickerType.COMPACT_READ_BYTES,
        TickerType.COMPACT_WRITE_BYTES,
        TickerType.FLUSH_WRITE_BYTES
    };

    private static final String[] TICKER_NAMES = {
        "rocksdbReadBlockCacheMissCount",
        "rocksdbReadBlockCacheHitCount",
        "rocksdbTotalBytesRead",
        "rocksdbTotalBytesWritten",
        "rocksdbTotalBytesReadThroughIterator",
        "rocksdbWriterStallLatencyMs",
        "rocksdbTotalBytesReadByCompaction",
        "rocksdbTotalBytesWrittenByCompaction",
        "rocksdbTotalBytesWrittenByFlush"
    };

    private final TimeSource clock;
    private final long[] ticksBefore = new long[TICKERS.length];
    private double compactionMicrosBefore;

    long getNanos;
    long putNanos;
    long gets;
    long puts;
    long loadNanos;
    long snapshotNanos;
    long replayNanos;
    long changelogsReplayed;
    long filesCopied;
    long bytesCopied;
    long writeNanos; // to the database
    long changelogNanos;

    UseMetrics(TimeSource clock) {
        this.clock = clock;
    }

    long now() {
        return clock.nanoTime();
    }

    /** Begins to count what the database does. */
    void begin(LocalDb db) {
        ticks(db.statistics(), ticksBefore);
        compactionMicrosBefore = compactionMicros(db);
    }

    private static void ticks(Statistics statistics, long[] into) {
        for (int i = 0; i < TICKERS.length; i++) {
            into[i] = statistics.getTickerCount(TICKERS[i]);
        }
    }

    private static double compactionMicros(LocalDb db) {
        return db.statistics().getHistogramData(HistogramType.COMPACTION_TIME).getSum();
    }

    /** Returns all that Spark reports. */
    SortedMap<String, Long> report(LocalDb db, SnapshotMetrics snapshot) {
        SortedMap<String, Long> report = new TreeMap<>();
        long[] ticks = new long[TICKERS.length];
        ticks(db.statistics(), ticks);
        for (int i = 0; i < TICKERS.length; i++) {
            long spent = ticks[i] - ticksBefore[i];
            report.put(TICKER_NAMES[i], TICKERS[i] == TickerType.STALL_MICROS ? spent / 1000 : spent);
        }
        report.put("rocksdbTotalCompactionLatencyMs", (long) (compactionMicros(db) - compactionMicrosBefore) / 1000);
        report.put("rocksdbGetLatency", millis(getNanos));
        report.put("rocksdbPutLatency", millis(putNanos));
        report.put("rocksdbGetCount", gets);
        report.put("rocksdbPutCount", puts);
        report.put("rocksdbCommitFlushLatency", millis(snapshot.flushNanos() + writeNanos));
        report.put("rocksdbCommitCompactLatency", 0L);
        report.put("rocksdbCommitCheckpointLatency", millis(snapshot.checkpointNanos()));
        report.put("rocksdbCommitFileSyncLatencyMs", millis(snapshot.uploadNanos()));
        report.put("rocksdbChangeLogWriterCommitLatencyMs", millis(changelogNanos));
        report.put("rocksdbSaveZipFilesLatencyMs", millis(snapshot.zipNanos()));
        report.put("rocksdbLoadLatencyMs", millis(loadNanos));
        report.put("rocksdbLoadFromSnapshotLatencyMs", millis(snapshotNanos));
        report.put("rocksdbReplayChangeLogLatencyMs", millis(replayNanos));
        report.put("rocksdbNumReplayChangelogFiles", changelogsReplayed);
        report.put("rocksdbFilesCopied", snapshot.filesCopied());
        report.put("rocksdbBytesCopied", snapshot.bytesCopied());
        report.put("rocksdbFilesReused", snapshot.filesReused());
        report.put("rocksdbZipFileBytesUncompressed", snapshot.zipBytes());
        report.put("rocksdbPinnedBlocksMemoryUsage", db.pinnedBytes());
        report.put("rocksdbSstFileSize", db.tableBytes());
        report.put("rocksdbNumInternalColFamiliesKeys", 0L);
        report.put("rocksdbNumExternalColumnFamilies", 0L);
        report.put("rocksdbNumInternalColumnFamilies", 0L);
        return report;
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    /** What the newest snapshot of a store cost; told once, with the next commit. */
    record SnapshotMetrics(
            long flushNanos,
            long checkpointNanos,
            long uploadNanos,
            long zipNanos,
            long filesCopied,
            long bytesCopied,
            long filesReused,
            long zipBytes) {
        static final SnapshotMetrics NONE = new SnapshotMetrics(0, 0, 0, 0, 0, 0, 0, 0);
    }
}
