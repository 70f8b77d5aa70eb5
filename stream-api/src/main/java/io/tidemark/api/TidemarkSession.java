package io.tidemark.api;

import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.secret.Redaction;
import io.tidemark.api.secret.SettingNames;
import io.tidemark.api.storage.StorageProvider;
import io.tidemark.api.streaming.DataStreamReader;
import io.tidemark.api.streaming.StreamingQueryManager;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where a program starts, with the methods of Spark's {@code SparkSession}: configuration, temporary views and running
 * queries. Safe for use by many threads.
 */
public final class TidemarkSession implements AutoCloseable {
    private final ConcurrentSkipListMap<String, String> conf;
    private final ConcurrentSkipListMap<String, LogicalPlan> views = new ConcurrentSkipListMap<>();
    private final AtomicLong nextRelationId = new AtomicLong();
    private final StreamingQueryManager streams = new StreamingQueryManager();
    private final TimeSource time;
    private final @Nullable StorageProvider storages;

    private TidemarkSession(SortedMap<String, String> conf, TimeSource time, @Nullable StorageProvider storages) {
        this.conf = new ConcurrentSkipListMap<>(conf);
        this.time = time;
        this.storages = storages;
        Redaction.remember(conf, SettingNames.of(conf));
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Returns a reader for a stream. */
    public DataStreamReader readStream() {
        return new DataStreamReader(this);
    }

    /** Returns the result of a query over this session's views. */
    public Dataset<Row> sql(String query) {
        return Dataset.of(this, engine().parseQuery(query));
    }

    /** Returns a view as a Dataset. */
    public Dataset<Row> table(String name) {
        return Dataset.of(
                this,
                view(name)
                        .orElseThrow(() -> new AnalysisException(
                                ErrorCode.UNRESOLVED_TABLE,
                                "There is no view named '" + name + "'. Known views: " + views.keySet() + ".")));
    }

    /** Returns the running queries and their listeners. */
    public StreamingQueryManager streams() {
        return streams;
    }

    /** Returns all settings, sorted by key. */
    public SortedMap<String, String> conf() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(conf));
    }

    /** Changes one setting for queries started from now on. */
    public void setConf(String key, String value) {
        conf.put(key, value);
        Redaction.remember(conf, SettingNames.of(conf));
    }

    /** Takes note of an option's value if its name says that it is a secret: nothing shows it from then on. */
    public void rememberSecret(String option, String value) {
        Redaction.remember(option, value, SettingNames.of(conf));
    }

    public TimeSource time() {
        return time;
    }

    /** Returns the file layer to use instead of the engine's own, or empty. */
    public Optional<StorageProvider> storages() {
        return Optional.ofNullable(storages);
    }

    /** Returns the plan of a view, names matched without regard to case. */
    public Optional<LogicalPlan> view(String name) {
        return Optional.ofNullable(views.get(name.toLowerCase(Locale.ROOT)));
    }

    /** Returns the names of the views, in lower case and sorted. */
    public Iterable<String> viewNames() {
        return Collections.unmodifiableSet(views.keySet());
    }

    boolean putView(String name, LogicalPlan plan, boolean replace) {
        String key = name.toLowerCase(Locale.ROOT);
        if (replace) {
            views.put(key, plan);
            return true;
        }
        return views.putIfAbsent(key, plan) == null;
    }

    /** Returns a number for one more load; see {@link LogicalPlan.StreamRead}. */
    public long newRelationId() {
        return nextRelationId.getAndIncrement();
    }

    /** Returns the engine. */
    public Engine engine() {
        return Engines.any();
    }

    /** Stops every query. */
    public void stop() {
        streams.stopAll();
    }

    @Override
    public void close() {
        stop();
    }

    /** Collects settings for a session. */
    public static final class Builder {
        private final TreeMap<String, String> conf = new TreeMap<>();
        private @Nullable TimeSource time;
        private @Nullable StorageProvider storages;

        private Builder() {}

        public Builder appName(String name) {
            return config("spark.app.name", name);
        }

        /** Accepted so that Spark programs run as they are; Tidemark always runs in this process. */
        public Builder master(String master) {
            return config("spark.master", master);
        }

        public Builder config(String key, String value) {
            conf.put(key, value);
            return this;
        }

        public Builder config(String key, long value) {
            return config(key, Long.toString(value));
        }

        public Builder config(String key, boolean value) {
            return config(key, Boolean.toString(value));
        }

        /** Runs the session on another clock; for tests. */
        public Builder time(TimeSource clock) {
            time = clock;
            return this;
        }

        /** Puts every file of the session's queries on another file layer; for tests. */
        public Builder storages(StorageProvider fileLayer) {
            storages = fileLayer;
            return this;
        }

        public TidemarkSession getOrCreate() {
            return new TidemarkSession(conf, time == null ? TimeSource.system() : time, storages);
        }
    }
}
