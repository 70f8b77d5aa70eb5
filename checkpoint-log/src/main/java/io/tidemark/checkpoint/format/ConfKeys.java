package io.tidemark.checkpoint.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The settings that Spark 4.1 freezes in the offset log, and the order in which it writes them. */
public final class ConfKeys {
    public static final String STATE_STORE_PROVIDER = "spark.sql.streaming.stateStore.providerClass";
    public static final String ROCKSDB_FORMAT_VERSION = "spark.sql.streaming.stateStore.rocksdb.formatVersion";
    public static final String STATE_ENCODING = "spark.sql.streaming.stateStore.encodingFormat";
    public static final String STRICT_DISTRIBUTION = "spark.sql.streaming.statefulOperator.useStrictDistribution";
    public static final String FLAT_MAP_GROUPS_FORMAT = "spark.sql.streaming.flatMapGroupsWithState.stateFormatVersion";
    public static final String WATERMARK_POLICY = "spark.sql.streaming.multipleWatermarkPolicy";
    public static final String AGGREGATION_FORMAT = "spark.sql.streaming.aggregation.stateFormatVersion";
    public static final String SHUFFLE_PARTITIONS = "spark.sql.shuffle.partitions";
    public static final String JOIN_FORMAT = "spark.sql.streaming.join.stateFormatVersion";
    public static final String STATE_COMPRESSION = "spark.sql.streaming.stateStore.compression.codec";
    public static final String PRUNE_FILTERS = "spark.sql.optimizer.pruneFiltersCanPruneStreamingSubplan";

    /** All eleven, in the order Spark 4.1 writes them. */
    public static final List<String> SPARK_4_1 = List.of(
            STATE_STORE_PROVIDER,
            ROCKSDB_FORMAT_VERSION,
            STATE_ENCODING,
            STRICT_DISTRIBUTION,
            FLAT_MAP_GROUPS_FORMAT,
            WATERMARK_POLICY,
            AGGREGATION_FORMAT,
            SHUFFLE_PARTITIONS,
            JOIN_FORMAT,
            STATE_COMPRESSION,
            PRUNE_FILTERS);

    private ConfKeys() {}

    /** Returns {@code keys} in the order in which Spark writes this set. */
    static List<String> inWritingOrder(Set<String> keys) {
        if (keys.size() == SPARK_4_1.size() && keys.containsAll(SPARK_4_1)) {
            return SPARK_4_1;
        }
        return ScalaMapOrder.of(new ArrayList<>(keys), String::hashCode);
    }
}
