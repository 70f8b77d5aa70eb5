package io.tidemark.ops.cli;

import io.tidemark.api.Dataset;
import io.tidemark.api.Row;
import io.tidemark.api.TidemarkSession;
import io.tidemark.api.error.AnalysisException;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.streaming.DataStreamReader;
import io.tidemark.api.streaming.DataStreamWriter;
import io.tidemark.api.streaming.StreamingQuery;
import io.tidemark.api.types.Identifiers;
import io.tidemark.ops.pipeline.PipelineFile;
import io.tidemark.ops.pipeline.Place;
import io.tidemark.ops.pipeline.SqlText;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A pipeline built into a query through the public API, in a session of its own. Building analyses everything and
 * touches nothing outside the process; {@link #start} runs it.
 */
public final class PipelineRunner implements AutoCloseable {
    private final PipelineFile file;
    private final TidemarkSession session;
    private final Dataset<Row> result;

    private PipelineRunner(PipelineFile file, TidemarkSession session) {
        this.file = file;
        this.session = session;
        for (PipelineFile.Source source : file.sources()) {
            at(source.place(), "source '" + source.name() + "'", () -> load(source))
                    .createOrReplaceTempView(source.name());
        }
        for (PipelineFile.View view : file.views()) {
            define(view).createOrReplaceTempView(view.name());
        }
        this.result = query(file.sql());
    }

    /**
     * Builds the views and the query of a pipeline.
     *
     * @throws TidemarkException led by the place in the file that caused it
     */
    public static PipelineRunner build(PipelineFile file) {
        TidemarkSession.Builder builder = TidemarkSession.builder().appName(file.name());
        file.conf().forEach(builder::config);
        return new PipelineRunner(file, builder.getOrCreate());
    }

    public PipelineFile file() {
        return file;
    }

    public TidemarkSession session() {
        return session;
    }

    /** Returns the rows that go to the sink. */
    public Dataset<Row> result() {
        return result;
    }

    /** Starts the query; on return it owns its checkpoint and runs. */
    public StreamingQuery start() {
        return start(writer());
    }

    /** As {@link #start}, but another run that holds the checkpoint is fenced off. */
    public StreamingQuery takeOver() {
        return start(writer().option("takeOver", true));
    }

    /**
     * As {@link #start}, in two ways that only a person can choose.
     *
     * @param takeOver whether another run that holds the checkpoint is fenced off
     * @param newSink whether the sink may lack what the query has committed
     */
    StreamingQuery start(boolean takeOver, boolean newSink) {
        return start(writer().option("takeOver", takeOver).option("newSink", newSink));
    }

    private DataStreamWriter<Row> writer() {
        PipelineFile.Sink sink = file.sink();
        DataStreamWriter<Row> writer = result.writeStream()
                .queryName(file.name())
                .format(sink.format())
                .outputMode(file.outputMode())
                .trigger(file.trigger())
                .partitionBy(sink.partitionBy().toArray(String[]::new))
                .options(sink.options());
        if (file.checkpointLocation() != null) {
            writer.option("checkpointLocation", file.checkpointLocation());
        }
        if (sink.path() != null) {
            writer.option("path", sink.path());
        }
        if (!sink.mergeKeys().isEmpty()) {
            writer.option(
                    "mergeKeys",
                    sink.mergeKeys().stream().map(Identifiers::jsonString).collect(Collectors.joining(",", "[", "]")));
        }
        return writer;
    }

    private StreamingQuery start(DataStreamWriter<Row> writer) {
        try {
            return writer.start();
        } catch (TidemarkException e) {
            throw new TidemarkException(e.code(), file.origin() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        session.close();
    }

    private Dataset<Row> load(PipelineFile.Source source) {
        DataStreamReader reader = session.readStream().format(source.format()).options(source.options());
        if (source.schema() != null) {
            reader.schema(source.schema());
        }
        return source.path() == null ? reader.load() : reader.load(source.path());
    }

    private Dataset<Row> define(PipelineFile.View view) {
        Dataset<Row> rows = query(view.sql());
        PipelineFile.Watermark watermark = view.watermark();
        Dataset<Row> timed = watermark == null
                ? rows
                : at(
                        watermark.place(),
                        "watermark of view '" + view.name() + "'",
                        () -> rows.withWatermark(watermark.column(), watermark.delay()));
        PipelineFile.Deduplication how = view.deduplication();
        return how == null
                ? timed
                : at(how.place(), "duplicates of view '" + view.name() + "'", () -> deduplicated(timed, how));
    }

    private static Dataset<Row> deduplicated(Dataset<Row> rows, PipelineFile.Deduplication how) {
        String[] columns = how.columns().toArray(String[]::new);
        return how.withinWatermark() ? rows.dropDuplicatesWithinWatermark(columns) : rows.dropDuplicates(columns);
    }

    private Dataset<Row> query(SqlText sql) {
        try {
            return session.sql(sql.text());
        } catch (AnalysisException e) {
            Place place = sql.locate(e.origin().line(), e.origin().column());
            throw located(place, "SQL of " + sql.key(), e);
        } catch (TidemarkException e) {
            throw located(sql.place(), "SQL of " + sql.key(), e);
        }
    }

    private static <T> T at(Place place, String what, Supplier<T> step) {
        try {
            return step.get();
        } catch (TidemarkException e) {
            throw located(place, what, e);
        }
    }

    private static TidemarkException located(Place place, String what, TidemarkException e) {
        if (e.code() == ErrorCode.INVALID_CONF) { // whoever met it first is not where it stands
            return new TidemarkException(e.code(), place.origin() + ", conf: " + e.getMessage(), e);
        }
        return new TidemarkException(e.code(), place + ", " + what + ": " + e.getMessage(), e);
    }
}
