package io.tidemark.runtime.conf;

import io.tidemark.api.error.EditDistance;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.secret.SettingNames;
import io.tidemark.runtime.task.Speculation;
import io.tidemark.runtime.watermark.WatermarkTracker;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The settings of one query, read once at its start. Keys are Spark's where Spark has the knob, {@code tidemark.*} where
 * not. A {@code tidemark.*} key that does not exist stops the start; Spark keys without meaning on one machine are taken
 * and ignored, so that one file serves both engines.
 */
public record QueryConf(
        boolean ansi,
        ZoneId timeZone,
        int minBatchesToRetain,
        Duration pollingDelay,
        Duration noDataProgressInterval,
        int progressRetained,
        Duration stopTimeout,
        int taskMaxFailures,
        int taskThreads,
        Speculation speculation,
        long shuffleMemory,
        Path localDirectory,
        boolean noDataBatches,
        WatermarkTracker.Policy watermarkPolicy,
        boolean multipleStatefulOperators,
        int stateCheckpointFormat,
        String stateLocalDirectory,
        boolean maintenanceInBackground,
        SortedMap<String, String> all) {
    private static final ConfigKey<Boolean> ANSI = ConfigKey.flag(
            "spark.sql.ansi.enabled", true, "Whether overflow, bad casts and the like fail instead of giving null.");
    private static final ConfigKey<String> TIME_ZONE = ConfigKey.text(
            "spark.sql.session.timeZone",
            ZoneId.systemDefault().getId(),
            "The zone in which timestamps are read from and written as text.");
    private static final ConfigKey<Integer> MIN_BATCHES = ConfigKey.integer(
            "spark.sql.streaming.minBatchesToRetain", 100, 1, "How many batches the logs keep for going back.");
    private static final ConfigKey<Duration> POLLING_DELAY = ConfigKey.duration(
            "spark.sql.streaming.pollingDelay",
            "10ms",
            "The pause after a look that found no data, at least; it grows to half a second while none comes.");
    private static final ConfigKey<Duration> NO_DATA_PROGRESS = ConfigKey.duration(
            "spark.sql.streaming.noDataProgressEventInterval", "10s", "How often an idle query reports.");
    private static final ConfigKey<Integer> PROGRESS_RETAINED = ConfigKey.integer(
            "spark.sql.streaming.numRecentProgressUpdates", 100, 1, "How many progress reports are kept in memory.");
    private static final ConfigKey<Duration> STOP_TIMEOUT = ConfigKey.duration(
            "spark.sql.streaming.stopTimeout", "30s", "How long a stop waits for the batch in flight.");
    private static final ConfigKey<Integer> MAX_FAILURES =
            ConfigKey.integer("spark.task.maxFailures", 4, 1, "How often one task may fail before its batch does.");
    private static final ConfigKey<Integer> THREADS = ConfigKey.integer(
            "tidemark.task.threads",
            Runtime.getRuntime().availableProcessors(),
            1,
            "How many tasks run at once; results do not depend on it.");
    private static final ConfigKey<Boolean> SPECULATION = ConfigKey.flag(
            "spark.speculation", false, "Whether a task that is much slower than its siblings is begun a second time.");
    private static final ConfigKey<Duration> SPECULATION_INTERVAL =
            ConfigKey.duration("spark.speculation.interval", "100ms", "How often to look for such tasks.");
    private static final ConfigKey<Double> SPECULATION_MULTIPLIER = ConfigKey.decimal(
            "spark.speculation.multiplier",
            "3",
            1,
            Double.MAX_VALUE,
            "How many times slower than the median a task must be.");
    private static final ConfigKey<Double> SPECULATION_QUANTILE = ConfigKey.decimal(
            "spark.speculation.quantile", "0.9", 0, 1, "Which share of a stage's tasks must be done before.");
    private static final ConfigKey<Duration> SPECULATION_MIN_RUNTIME = ConfigKey.duration(
            "spark.speculation.minTaskRuntime", "100ms", "How long any task may take before it counts as slow.");
    private static final ConfigKey<Long> SHUFFLE_MEMORY = ConfigKey.memory(
            "tidemark.shuffle.memory",
            "20%",
            "How much of the heap the rows between two stages may take; the rest goes to spark.local.dir.");
    private static final ConfigKey<String> LOCAL_DIRECTORY = ConfigKey.text(
            "spark.local.dir",
            System.getProperty("java.io.tmpdir", "/tmp"),
            "Where files are put that need not outlive the process.");
    private static final ConfigKey<Boolean> NO_DATA_BATCHES = ConfigKey.flag(
            "spark.sql.streaming.noDataMicroBatches.enabled",
            true,
            "Whether a batch without data may run to let state go.");
    private static final ConfigKey<String> WATERMARK_POLICY = ConfigKey.choice(
            "spark.sql.streaming.multipleWatermarkPolicy",
            "min",
            List.of("min", "max"),
            "How the watermarks of several inputs make one.");
    private static final ConfigKey<Boolean> MULTIPLE_OPERATORS = ConfigKey.flag(
            "spark.sql.streaming.statefulOperator.allowMultiple",
            true,
            "Whether each stateful operator has a watermark of its own, so that several may follow each other.");
    private static final ConfigKey<String> CHECKPOINT_FORMAT = ConfigKey.choice(
            "spark.sql.streaming.stateStore.checkpointFormatVersion",
            "1",
            List.of("1", "2"),
            "How a fresh query names its state files: 2 puts their unique ids into the commit log.");
    private static final ConfigKey<String> STATE_DIRECTORY = ConfigKey.text(
            "tidemark.state.localDir",
            "",
            "Where the working files of state are, if not in spark.local.dir; a cache, made anew at every start.");

    private static final ConfigKey<String> STATE_MEMORY = ConfigKey.text(
            "tidemark.state.memory",
            "25%",
            "Native memory for all state of the process, a size or a share of the heap; 256m at least if not set.");

    private static final ConfigKey<Boolean> BACKGROUND_MAINTENANCE = ConfigKey.flag(
            "tidemark.maintenance.background",
            true,
            "Whether purging, snapshots and table checkpoints run beside the next batch, or are done before it.");

    private static final List<ConfigKey<?>> KEYS = List.of(
            ANSI,
            TIME_ZONE,
            MIN_BATCHES,
            POLLING_DELAY,
            NO_DATA_PROGRESS,
            PROGRESS_RETAINED,
            STOP_TIMEOUT,
            MAX_FAILURES,
            THREADS,
            SPECULATION,
            SPECULATION_INTERVAL,
            SPECULATION_MULTIPLIER,
            SPECULATION_QUANTILE,
            SPECULATION_MIN_RUNTIME,
            SHUFFLE_MEMORY,
            LOCAL_DIRECTORY,
            NO_DATA_BATCHES,
            WATERMARK_POLICY,
            MULTIPLE_OPERATORS,
            CHECKPOINT_FORMAT,
            STATE_DIRECTORY,
            STATE_MEMORY,
            BACKGROUND_MAINTENANCE);

    public QueryConf {
        all = Collections.unmodifiableSortedMap(new TreeMap<>(all));
    }

    /** Shows the values of settings that are known to be no secrets. */
    @Override
    public String toString() {
        return "QueryConf" + SettingNames.of(all).print(all);
    }

    /** Returns the keys the engine reads, for documentation. */
    public static List<ConfigKey<?>> keys() {
        return KEYS;
    }

    /** Reads all settings. */
    public static QueryConf of(Map<String, String> conf) {
        for (String key : new TreeMap<>(conf).keySet()) {
            if (key.startsWith("tidemark.")
                    && !key.startsWith("tidemark.kafka.")
                    && !key.startsWith("tidemark.delta.")
                    && KEYS.stream().noneMatch(k -> k.name().equals(key))) {
                throw new TidemarkException(
                        ErrorCode.INVALID_CONF,
                        "There is no setting '" + key + "'. Did you mean '"
                                + EditDistance.nearest(
                                        key, KEYS.stream().map(ConfigKey::name).toList()) + "'?");
            }
        }
        return new QueryConf(
                ANSI.in(conf),
                zone(TIME_ZONE.in(conf)),
                MIN_BATCHES.in(conf),
                POLLING_DELAY.in(conf),
                NO_DATA_PROGRESS.in(conf),
                PROGRESS_RETAINED.in(conf),
                STOP_TIMEOUT.in(conf),
                MAX_FAILURES.in(conf),
                THREADS.in(conf),
                new Speculation(
                        SPECULATION.in(conf),
                        SPECULATION_INTERVAL.in(conf),
                        SPECULATION_MULTIPLIER.in(conf),
                        SPECULATION_QUANTILE.in(conf),
                        SPECULATION_MIN_RUNTIME.in(conf)),
                SHUFFLE_MEMORY.in(conf),
                Path.of(LOCAL_DIRECTORY.in(conf).split(",", 2)[0].trim()), // Spark takes a list
                NO_DATA_BATCHES.in(conf),
                WatermarkTracker.Policy.valueOf(WATERMARK_POLICY.in(conf).toUpperCase(Locale.ROOT)),
                MULTIPLE_OPERATORS.in(conf),
                Integer.parseInt(CHECKPOINT_FORMAT.in(conf)),
                STATE_DIRECTORY.in(conf),
                BACKGROUND_MAINTENANCE.in(conf),
                new TreeMap<>(conf));
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text, ZoneId.SHORT_IDS);
        } catch (DateTimeException e) {
            throw new TidemarkException(
                    ErrorCode.INVALID_CONF,
                    "Setting '" + TIME_ZONE.name() + "' cannot be '" + text
                            + "': there is no such zone. Use a region such as Europe/Berlin, an offset or UTC.",
                    e);
        }
    }
}
