package io.tidemark.runtime.batch;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.checkpoint.format.ConfKeys;
import io.tidemark.runtime.conf.QueryConf;
import io.tidemark.runtime.watermark.WatermarkTracker;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings that the offset log freezes for a query: Spark 4.1's eleven, with the value a fresh query gets and the one
 * that is meant where an older log says nothing. What the log says wins over what the session says.
 */
final class LoggedConf {
    private static final Logger LOG = LoggerFactory.getLogger(LoggedConf.class);
    private static final String INTERNAL_PARTITIONS = "spark.sql.streaming.internal.stateStore.partitions";
    private static final Map<String, Meaning> KEYS = keys();

    private LoggedConf() {}

    /** @param ifAbsent what a log without the key means; empty if the session decides */
    private record Meaning(String fresh, String ifAbsent) {}

    private static Map<String, Meaning> keys() {
        Map<String, Meaning> keys = new LinkedHashMap<>();
        keys.put(
                ConfKeys.STATE_STORE_PROVIDER,
                new Meaning("org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider", ""));
        keys.put(ConfKeys.ROCKSDB_FORMAT_VERSION, new Meaning("5", ""));
        keys.put(ConfKeys.STATE_ENCODING, new Meaning("unsaferow", "unsaferow"));
        keys.put(ConfKeys.STRICT_DISTRIBUTION, new Meaning("true", "false"));
        keys.put(ConfKeys.FLAT_MAP_GROUPS_FORMAT, new Meaning("2", "1"));
        keys.put(ConfKeys.WATERMARK_POLICY, new Meaning("min", "min"));
        keys.put(ConfKeys.AGGREGATION_FORMAT, new Meaning("2", "1"));
        keys.put(ConfKeys.SHUFFLE_PARTITIONS, new Meaning("8", ""));
        keys.put(ConfKeys.JOIN_FORMAT, new Meaning("2", "1"));
        keys.put(ConfKeys.STATE_COMPRESSION, new Meaning("lz4", "lz4"));
        keys.put(ConfKeys.PRUNE_FILTERS, new Meaning("false", "true"));
        return Collections.unmodifiableMap(keys);
    }

    /** Returns what the first batch of a query records. */
    static SortedMap<String, String> fresh(QueryConf conf) {
        TreeMap<String, String> values = new TreeMap<>();
        KEYS.forEach((key, meaning) -> values.put(key, session(key, meaning, conf)));
        partitions(values); // refused before it is recorded for ever
        return values;
    }

    /** The session's value of a key; the number of state partitions has a name of its own that goes first, as in Spark. */
    private static String session(String key, Meaning meaning, QueryConf conf) {
        String value = conf.all().getOrDefault(key, meaning.fresh);
        return key.equals(ConfKeys.SHUFFLE_PARTITIONS) ? conf.all().getOrDefault(INTERNAL_PARTITIONS, value) : value;
    }

    /**
     * Returns into how many partitions a query with these recorded settings splits rows by key.
     *
     * @throws TidemarkException {@code INVALID_CONF} if that is not a positive number
     */
    static int partitions(Map<String, String> logged) {
        String text = logged.getOrDefault(ConfKeys.SHUFFLE_PARTITIONS, "");
        try {
            int partitions = Integer.parseInt(text.trim());
            if (partitions > 0) {
                return partitions;
            }
        } catch (NumberFormatException e) {
            // said below, with the same words as for 0
        }
        throw new TidemarkException(
                ErrorCode.INVALID_CONF,
                "Setting '" + ConfKeys.SHUFFLE_PARTITIONS + "' cannot be '" + text
                        + "': it takes a whole number of at least 1. It is fixed by the first batch of a query.");
    }

    /**
     * Returns what the batches after a restart record: what the log says, completed. Settings of later versions of Spark
     * are carried on too.
     */
    static SortedMap<String, String> carriedOn(Map<String, String> logged, QueryConf conf) {
        TreeMap<String, String> values = new TreeMap<>(logged);
        KEYS.forEach((key, meaning) -> {
            String session = session(key, meaning, conf);
            String value = logged.get(key);
            if (value == null) {
                value = meaning.ifAbsent.isEmpty() ? session : meaning.ifAbsent;
            } else if (conf.all().containsKey(key) && !value.equals(session)) {
                LOG.warn("Setting {} is {} by the checkpoint; {} is ignored.", key, value, session);
            }
            values.put(key, value);
        });
        return values;
    }

    /** Returns the policy that a log with these settings runs under. */
    static WatermarkTracker.Policy watermarkPolicy(Map<String, String> logged) {
        return WatermarkTracker.Policy.valueOf(
                logged.getOrDefault(ConfKeys.WATERMARK_POLICY, "min").toUpperCase(Locale.ROOT));
    }
}
