package io.tidemark.ops.spark.job;

import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.ops.pipeline.PipelineFile;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamReader;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * Runs a pipeline file on Spark: {@code spark-submit … FILE [--set path.to.key=value] [--trigger
 * available-now|once|"30 seconds"]}. Goes on from a checkpoint that Tidemark left, and leaves one that Tidemark goes on
 * from.
 *
 * <p>Settings of the file go to the session, those of {@code spark-submit} stay where the file is silent. Where both are,
 * Tidemark's defaults count: eight state partitions, RocksDB state with changelogs. Exit code 0 when the query ended, 1 when
 * it failed, 2 when the input is wrong or Spark cannot take the query over.
 */
public final class SparkPipeline {
    private static final String FORMAT_VERSION = "spark.sql.streaming.stateStore.checkpointFormatVersion";

    /** Tidemark's defaults where they differ from Spark's and end in the checkpoint. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "spark.sql.shuffle.partitions",
            "8",
            "spark.sql.streaming.stateStore.providerClass",
            "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider",
            "spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled",
            "true");

    private final PipelineFile file;
    private final SparkSession spark;

    private SparkPipeline(PipelineFile file, SparkSession spark) {
        this.file = file;
        this.spark = spark;
    }

    public static void main(String[] arguments) {
        int exit = run(arguments, System.err);
        if (exit != 0) {
            System.exit(exit);
        }
    }

    /** As the program, but returns its exit code instead of ending the process. */
    public static int run(String[] arguments, PrintStream err) {
        try {
            PipelineFile file = read(List.of(arguments));
            List<String> refusals = Refusals.of(file);
            if (!refusals.isEmpty()) {
                refusals.forEach(err::println);
                return 2;
            }
            SparkSession spark =
                    SparkSession.builder().appName(file.name()).getOrCreate().newSession();
            return run(file, spark, err);
        } catch (TidemarkException e) {
            err.println(e.code().label() + ": " + e.getMessage());
            return 2;
        }
    }

    private static int run(PipelineFile file, SparkSession spark, PrintStream err) {
        try (TidemarkCheckpoint checkpoint = file.checkpointLocation() == null
                ? null
                : new TidemarkCheckpoint(
                        file.checkpointLocation(), spark.sparkContext().hadoopConfiguration())) {
            List<String> obstacles = checkpoint == null ? List.of() : checkpoint.obstacles();
            if (!obstacles.isEmpty()) {
                obstacles.forEach(err::println);
                return 2;
            }
            OptionalLong version = checkpoint == null ? OptionalLong.empty() : checkpoint.formatVersion();
            StreamingQuery query = new SparkPipeline(file, spark).start(version);
            query.awaitTermination();
            return 0;
        } catch (StreamingQueryException | TimeoutException | IOException | RuntimeException e) {
            err.println(e.getMessage());
            return 1;
        }
    }

    private static PipelineFile read(List<String> arguments) {
        List<String> files = new ArrayList<>();
        List<String> settings = new ArrayList<>();
        @Nullable String trigger = null;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            boolean valued = i + 1 < arguments.size();
            if (argument.equals("--set") && valued) {
                settings.add(arguments.get(++i));
            } else if (argument.equals("--trigger") && valued) {
                trigger = arguments.get(++i);
            } else {
                files.add(argument);
            }
        }
        if (files.size() != 1 || files.get(0).startsWith("-")) {
            throw new TidemarkException(
                    ErrorCode.COMMAND_LINE,
                    "Expected one pipeline file, --set path.to.key=value and --trigger TRIGGER, but got " + arguments
                            + ". Give the path of the file that tidemark run takes.");
        }
        PipelineFile file = PipelineFile.read(files.get(0), System.getenv(), settings);
        return trigger == null ? file : file.withTrigger(PipelineFile.triggerOf(trigger));
    }

    private StreamingQuery start(OptionalLong formatVersion) throws TimeoutException {
        settings(formatVersion).forEach((key, value) -> spark.conf().set(key, value));
        for (PipelineFile.Source source : file.sources()) {
            load(source).createOrReplaceTempView(source.name());
        }
        for (PipelineFile.View view : file.views()) {
            Dataset<Row> rows = spark.sql(view.sql().text());
            PipelineFile.Watermark watermark = view.watermark();
            if (watermark != null) {
                rows = rows.withWatermark(watermark.column(), watermark.delay());
            }
            if (view.deduplication() != null) {
                rows = deduplicated(rows, view.deduplication());
            }
            rows.createOrReplaceTempView(view.name());
        }
        return writer(spark.sql(file.sql().text())).start();
    }

    private static Dataset<Row> deduplicated(Dataset<Row> rows, PipelineFile.Deduplication how) {
        String[] columns =
                how.columns().isEmpty() ? rows.columns() : how.columns().toArray(String[]::new);
        return how.withinWatermark() ? rows.dropDuplicatesWithinWatermark(columns) : rows.dropDuplicates(columns);
    }

    private TreeMap<String, String> settings(OptionalLong formatVersion) {
        TreeMap<String, String> settings = new TreeMap<>(DEFAULTS);
        settings.keySet().removeIf(spark.sparkContext().getConf()::contains);
        file.conf().forEach((key, value) -> {
            if (!key.startsWith("tidemark.")) { // how Tidemark runs, not what the query means
                settings.put(key, value);
            }
        });
        formatVersion.ifPresent(version -> settings.put(FORMAT_VERSION, Long.toString(version)));
        return settings;
    }

    private Dataset<Row> load(PipelineFile.Source source) {
        DataStreamReader reader = spark.readStream().format(source.format()).options(source.options());
        if (source.schema() != null) {
            reader = reader.schema(source.schema());
        }
        return source.path() == null ? reader.load() : reader.load(source.path());
    }

    private DataStreamWriter<Row> writer(Dataset<Row> rows) {
        PipelineFile.Sink sink = file.sink();
        DataStreamWriter<Row> writer = rows.writeStream()
                .queryName(file.name())
                .format(sink.format())
                .outputMode(file.outputMode().displayName())
                .trigger(trigger())
                .options(sink.options());
        if (!sink.partitionBy().isEmpty()) {
            writer = writer.partitionBy(sink.partitionBy().toArray(String[]::new));
        }
        if (file.checkpointLocation() != null) {
            writer = writer.option("checkpointLocation", file.checkpointLocation());
        }
        return sink.path() == null ? writer : writer.option("path", sink.path());
    }

    @SuppressWarnings("deprecation") // the file may ask for it
    private Trigger trigger() {
        if (file.trigger() instanceof io.tidemark.api.streaming.Trigger.AvailableNowTrigger) {
            return Trigger.AvailableNow();
        } else if (file.trigger() instanceof io.tidemark.api.streaming.Trigger.ProcessingTimeTrigger every) {
            return Trigger.ProcessingTime(every.interval().toMillis());
        }
        return Trigger.Once();
    }
}
