package io.tidemark.api.streaming;

import io.tidemark.api.Dataset;
import io.tidemark.api.Row;
import io.tidemark.api.TidemarkSession;
import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.plan.LogicalPlan;
import io.tidemark.api.types.StructType;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Describes a stream to load. */
public final class DataStreamReader {
    private final TidemarkSession session;
    private final TreeMap<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private @Nullable String format;
    private @Nullable StructType schema;

    public DataStreamReader(TidemarkSession session) {
        this.session = session;
    }

    public DataStreamReader format(String name) {
        format = name.toLowerCase(Locale.ROOT);
        return this;
    }

    public DataStreamReader option(String key, String value) {
        options.put(key, value);
        session.rememberSecret(key, value);
        return this;
    }

    public DataStreamReader option(String key, long value) {
        return option(key, Long.toString(value));
    }

    public DataStreamReader option(String key, boolean value) {
        return option(key, Boolean.toString(value));
    }

    public DataStreamReader options(Map<String, String> more) {
        more.forEach(this::option);
        return this;
    }

    public DataStreamReader schema(StructType declared) {
        schema = declared;
        return this;
    }

    public DataStreamReader schema(String ddl) {
        return schema(session.engine().parseSchema(ddl));
    }

    public Dataset<Row> load() {
        if (format == null) {
            throw new AnalysisException(
                    ErrorCode.MISSING_OPTION, "readStream() has no format. Add .format(\"kafka\") or another source.");
        }
        return Dataset.of(session, new LogicalPlan.StreamRead(session.newRelationId(), format, options, schema));
    }

    public Dataset<Row> load(String path) {
        return option("path", path).load();
    }
}
