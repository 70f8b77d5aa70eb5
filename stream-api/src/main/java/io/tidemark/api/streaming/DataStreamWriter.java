package io.tidemark.api.streaming;

import io.tidemark.api.Dataset;
import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Describes where a query's rows go, and starts it. */
public final class DataStreamWriter<T> {
    private final Dataset<T> dataset;
    private final TreeMap<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private @Nullable String format;
    private @Nullable String name;
    private List<String> partitionBy = List.of();
    private OutputMode outputMode = OutputMode.APPEND;
    private Trigger trigger = new Trigger.ProcessingTimeTrigger(Duration.ZERO);

    public DataStreamWriter(Dataset<T> dataset) {
        this.dataset = dataset;
    }

    public DataStreamWriter<T> format(String sink) {
        format = sink.toLowerCase(Locale.ROOT);
        return this;
    }

    public DataStreamWriter<T> outputMode(OutputMode mode) {
        outputMode = mode;
        return this;
    }

    public DataStreamWriter<T> outputMode(String mode) {
        return outputMode(OutputMode.of(mode));
    }

    public DataStreamWriter<T> trigger(Trigger when) {
        trigger = when;
        return this;
    }

    public DataStreamWriter<T> queryName(String queryName) {
        name = queryName;
        return this;
    }

    public DataStreamWriter<T> partitionBy(String... columns) {
        partitionBy = List.of(columns);
        return this;
    }

    public DataStreamWriter<T> option(String key, String value) {
        options.put(key, value);
        dataset.session().rememberSecret(key, value);
        return this;
    }

    public DataStreamWriter<T> option(String key, long value) {
        return option(key, Long.toString(value));
    }

    public DataStreamWriter<T> option(String key, boolean value) {
        return option(key, Boolean.toString(value));
    }

    public DataStreamWriter<T> options(Map<String, String> more) {
        more.forEach(this::option);
        return this;
    }

    /** Starts the query with {@code path} as the sink's place. */
    public StreamingQuery start(String path) {
        return option("path", path).start();
    }

    /** Starts the query. On return it owns its checkpoint and runs on a thread of its own. */
    public StreamingQuery start() {
        if (format == null) {
            throw new AnalysisException(
                    ErrorCode.MISSING_OPTION, "writeStream() has no format. Add .format(\"delta\") or another sink.");
        }
        StreamWrite write = new StreamWrite(dataset.plan(), name, format, options, partitionBy, outputMode, trigger);
        return dataset.session().engine().start(write, dataset.session());
    }
}
