package io.tidemark.state.rocksdb;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.rocksdb.CompressionType;

/**
 * The settings of RocksDB state, by Spark's names where Spark has the knob. Read once at start.
 *
 * @param memoryBytes native memory for all stores of the process, blocks that were read and memtables together: {@value
 *     #MEMORY} (a size, or a share of the largest heap), else Spark's {@code maxMemoryUsageMB} where {@code
 *     boundedMemoryUsage} is on, else half of the largest heap, and 512 MiB at least
 * @param writeBufferRatio the part of it that memtables may take
 * @param highPriorityRatio the part of the cache that is kept for indexes and filters
 * @param formatVersion of the tables; Spark 4.1 reads 4, 5 and 6
 * @param compression of blocks
 * @param blockBytes size of a block before compression
 * @param writeBufferBytes size of one memtable
 * @param writeBuffers how many memtables a store has at most; -1 for RocksDB's own
 * @param compactOnCommit whether a snapshot is compacted first
 * @param countRows whether the number of keys is tracked
 * @param minDeltasForSnapshot changelogs between two snapshots
 * @param extraSpaceRatio how many versions more than needed may gather before the old ones are deleted
 * @param versionsToDeleteMax how many versions one maintenance deletes; -1 for all
 * @param uniqueIds whether a new state names its files by ids (checkpoint format 2)
 * @param heapBytesPerUse how much a use of a store keeps on the heap before it writes through
 */
record RocksDbConf(
        long memoryBytes,
        double writeBufferRatio,
        double highPriorityRatio,
        int formatVersion,
        CompressionType compression,
        long blockBytes,
        long writeBufferBytes,
        int writeBuffers,
        boolean compactOnCommit,
        boolean countRows,
        int minDeltasForSnapshot,
        double extraSpaceRatio,
        int versionsToDeleteMax,
        boolean uniqueIds,
        long heapBytesPerUse) {
    static final String MEMORY = "tidemark.state.memory";

    private static final String STORE = "spark.sql.streaming.statestore.";
    private static final String ROCKSDB = STORE + "rocksdb.";
    private static final long MIB = 1L << 20;
    private static final long LEAST_MEMORY = 16 * MIB;

    /** @throws TidemarkException {@code INVALID_CONF} for a value that cannot be */
    static RocksDbConf of(SortedMap<String, String> conf) {
        Settings settings = new Settings(conf);
        return new RocksDbConf(
                memory(settings),
                settings.ratio(ROCKSDB + "writebuffercacheratio", 0.25),
                settings.ratio(ROCKSDB + "highprioritypoolratio", 0.1),
                (int) settings.number(ROCKSDB + "formatversion", 5, 4, 6),
                compression(settings.text(ROCKSDB + "compression", "lz4")),
                settings.number(ROCKSDB + "blocksizekb", 4, 1, 1 << 20) << 10,
                writeBuffer(settings.number(ROCKSDB + "writebuffersizemb", -1, -1, 2047)),
                (int) settings.number(ROCKSDB + "maxwritebuffernumber", -1, -1, 64),
                settings.flag(ROCKSDB + "compactoncommit", false),
                settings.flag(ROCKSDB + "tracktotalnumberofrows", true),
                (int) settings.number(STORE + "mindeltasforsnapshot", 10, 1, Integer.MAX_VALUE),
                settings.ratio("spark.sql.streaming.ratioextraspaceallowedincheckpoint", 0.3),
                (int) settings.number(
                        "spark.sql.streaming.maxversionstodeletepermaintenance", -1, -1, Integer.MAX_VALUE),
                settings.number(STORE + "checkpointformatversion", 1, 1, 2) == 2,
                heapPerUse(settings.number("spark.sql.shuffle.partitions", 200, 1, Integer.MAX_VALUE)));
    }

    private static long memory(Settings settings) {
        String own = settings.text(MEMORY, "");
        if (!own.isEmpty()) {
            return bytes(own);
        }
        if (settings.flag(ROCKSDB + "boundedmemoryusage", false)) {
            return settings.number(ROCKSDB + "maxmemoryusagemb", 500, 1, 1 << 20) * MIB;
        }
        return Math.max(512 * MIB, Runtime.getRuntime().maxMemory() / 2);
    }

    private static long bytes(String text) {
        String lower = text.trim().toLowerCase(Locale.ROOT);
        String digits = lower.replaceFirst("[kmgt]?i?b?$", "");
        int power = lower.length() == digits.length() ? 0 : " kmgt".indexOf(lower.charAt(digits.length()));
        try {
            if (lower.endsWith("%")) {
                double share = Double.parseDouble(lower.substring(0, lower.length() - 1));
                if (share > 0 && share <= 1000) {
                    return Math.max(LEAST_MEMORY, (long) (Runtime.getRuntime().maxMemory() / 100.0 * share));
                }
            }
            long bytes = Math.multiplyExact(Long.parseLong(digits.trim()), 1L << (10 * Math.max(0, power)));
            if (bytes >= LEAST_MEMORY) {
                return bytes;
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // said below
        }
        throw invalid(
                MEMORY, text, "a size such as 512m or 2g, 16m at least, or a share of the largest heap such as 50%");
    }

    private static long writeBuffer(long mebibytes) {
        return mebibytes > 0 ? mebibytes * MIB : 64 * MIB;
    }

    private static long heapPerUse(long partitions) {
        long fair = Runtime.getRuntime().maxMemory() / 8 / partitions;
        return Math.min(64 * MIB, Math.max(2 * MIB, fair));
    }

    private static CompressionType compression(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "lz4" -> CompressionType.LZ4_COMPRESSION;
            case "lz4hc" -> CompressionType.LZ4HC_COMPRESSION;
            case "zstd" -> CompressionType.ZSTD_COMPRESSION;
            case "snappy" -> CompressionType.SNAPPY_COMPRESSION;
            case "zlib", "z" -> CompressionType.ZLIB_COMPRESSION;
            case "bzip2", "bz2", "bzlib2" -> CompressionType.BZLIB2_COMPRESSION;
            case "none", "uncompressed", "no" -> CompressionType.NO_COMPRESSION;
            default -> throw invalid(ROCKSDB + "compression", name, "lz4, zstd, snappy, zlib, bzip2, lz4hc or none");
        };
    }

    private static TidemarkException invalid(String key, String value, String allowed) {
        return new TidemarkException(
                ErrorCode.INVALID_CONF, "Setting '" + key + "' cannot be '" + value + "': it takes " + allowed + ".");
    }

    /** Settings by their names in lower case: Spark does not tell {@code trackTotal…} from {@code tracktotal…}. */
    private static final class Settings {
        private final SortedMap<String, String> values = new TreeMap<>();

        Settings(SortedMap<String, String> conf) {
            conf.forEach((key, value) -> values.put(key.toLowerCase(Locale.ROOT), value.trim()));
        }

        String text(String key, String otherwise) {
            return values.getOrDefault(key, otherwise);
        }

        boolean flag(String key, boolean otherwise) {
            String value = text(key, String.valueOf(otherwise)).toLowerCase(Locale.ROOT);
            if (!List.of("true", "false").contains(value)) {
                throw invalid(key, value, "true or false");
            }
            return value.equals("true");
        }

        long number(String key, long otherwise, long least, long most) {
            String value = text(key, String.valueOf(otherwise));
            try {
                long number = Long.parseLong(value);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // said below
            }
            throw invalid(key, value, "a whole number from " + least + " to " + most);
        }

        double ratio(String key, double otherwise) {
            String value = text(key, String.valueOf(otherwise));
            try {
                double ratio = Double.parseDouble(value);
                if (ratio >= 0 && ratio <= 1) {
                    return ratio;
                }
            } catch (NumberFormatException e) {
                // said below
            }
            throw invalid(key, value, "a number from 0 to 1");
        }
    }
}
