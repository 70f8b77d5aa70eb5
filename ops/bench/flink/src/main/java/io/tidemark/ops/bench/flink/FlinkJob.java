package io.tidemark.ops.bench.flink;

import io.tidemark.ops.bench.job.Event;
import io.tidemark.ops.bench.job.EventParquet;
import io.tidemark.ops.bench.job.JobOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringEncoder;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.formats.parquet.ParquetWriterFactory;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/**
 * A workload in a local cluster with two slots: RocksDB with incremental checkpoints, exactly once. A checkpoint every
 * second; every tenth of one where rows come in meanwhile. Goes on from the newest checkpoint in its folder. An option of
 * its own: {@code --parser scan|jackson}.
 */
public final class FlinkJob {
    private static final int SLOTS = 2;

    private final JobOptions options;
    private final StreamExecutionEnvironment flink;

    private FlinkJob(JobOptions options) throws IOException {
        this.options = options;
        this.flink = StreamExecutionEnvironment.createLocalEnvironment(SLOTS, settings(options));
        flink.getConfig().enableObjectReuse();
    }

    public static void main(String[] arguments) throws Exception {
        FlinkJob job = new FlinkJob(new JobOptions(arguments));
        switch (job.options.query()) {
            case "pass-through" -> job.passThrough();
            case "windows" -> job.windows();
            case "users" -> job.users();
            default -> throw new IllegalArgumentException("Cannot run " + job.options.query() + ".");
        }
        job.flink.execute("bench");
    }

    private static Configuration settings(JobOptions options) throws IOException {
        Path home = options.home();
        Configuration settings = new Configuration();
        settings.setString("execution.checkpointing.mode", "EXACTLY_ONCE");
        settings.setString("execution.checkpointing.interval", options.isEndless() ? "100 ms" : "1 s");
        settings.setString("execution.checkpointing.incremental", "true");
        settings.setString("execution.checkpointing.storage", "filesystem");
        settings.setString(
                "execution.checkpointing.dir", checkpoints(home).toUri().toString());
        settings.setString("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
        settings.setString("execution.buffer-timeout.interval", options.isEndless() ? "2 ms" : "100 ms");
        settings.setString("state.backend.type", "rocksdb");
        settings.setString(
                "state.backend.rocksdb.localdir", home.resolve("rocksdb").toString());
        settings.setString("taskmanager.memory.managed.size", "512mb");
        settings.setString("taskmanager.memory.network.min", "128mb");
        settings.setString("taskmanager.memory.network.max", "128mb");
        settings.setString("pipeline.generic-types", "false");
        newestCheckpoint(home)
                .ifPresent(p -> settings.setString(
                        "execution.state-recovery.path", p.toUri().toString()));
        return settings;
    }

    private static Path checkpoints(Path home) {
        return home.resolve("checkpoints");
    }

    private static Optional<Path> newestCheckpoint(Path home) throws IOException {
        if (!Files.isDirectory(checkpoints(home))) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(checkpoints(home), 3)) {
            return files.filter(f -> f.getFileName().toString().equals("_metadata"))
                    .max(Comparator.comparingLong(f -> f.toFile().lastModified()))
                    .map(Path::getParent);
        }
    }

    private <T> DataStream<T> read(
            TypeInformation<T> type, Records.Projection<T> projection, WatermarkStrategy<T> watermarks) {
        KafkaSource<T> source = KafkaSource.<T>builder()
                .setBootstrapServers(options.bootstrapServers())
                .setTopics(options.topic())
                .setGroupId("bench-" + options.home().getFileName())
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(
                        new Records<>(type, projection, options.option("--parser", "scan"), options.partitions()))
                .setProperty("commit.offsets.on.checkpoint", "false")
                .setProperty("max.poll.records", "20000")
                .setProperty("max.partition.fetch.bytes", Integer.toString(8 << 20))
                .build();
        return flink.fromSource(source, watermarks, "records")
                .map(new Tracked<T>(options.partitions()))
                .returns(type);
    }

    private void passThrough() {
        FileSink<Event> table = FileSink.forBulkFormat(table(), new ParquetWriterFactory<Event>(EventParquet::open))
                .build();
        read(TypeInformation.of(Event.class), event -> event, WatermarkStrategy.noWatermarks())
                .filter(EventParquet::isKept)
                .sinkTo(table);
    }

    private org.apache.flink.core.fs.Path table() {
        return new org.apache.flink.core.fs.Path(options.home().resolve("table").toUri());
    }

    private void windows() {
        TypeInformation<Tuple3<String, Double, Long>> type = Types.TUPLE(Types.STRING, Types.DOUBLE, Types.LONG);
        WatermarkStrategy<Tuple3<String, Double, Long>> watermarks =
                WatermarkStrategy.<Tuple3<String, Double, Long>>forBoundedOutOfOrderness(Duration.ofMinutes(10))
                        .withTimestampAssigner((row, arrival) -> row.f2);
        read(type, event -> Tuple3.of(event.pageText(), event.amount, event.eventTime / 1_000), watermarks)
                .keyBy(row -> row.f0)
                .window(TumblingEventTimeWindows.of(Duration.ofMinutes(5)))
                .aggregate(new CountAndSum(), new Line())
                .sinkTo(FileSink.forRowFormat(table(), new SimpleStringEncoder<String>())
                        .build());
    }

    /** A window's result as text: there are few of them. */
    private static final class Line extends ProcessWindowFunction<Tuple2<Long, Double>, String, String, TimeWindow> {
        private static final long serialVersionUID = 1;

        @Override
        public void process(
                String page, Context context, Iterable<Tuple2<Long, Double>> totals, Collector<String> lines) {
            for (Tuple2<Long, Double> total : totals) {
                lines.collect(context.window().getStart() + ","
                        + context.window().getEnd() + "," + page + "," + total.f0 + "," + total.f1);
            }
        }
    }

    private void users() {
        read(
                        Types.TUPLE(Types.STRING, Types.DOUBLE),
                        event -> Tuple2.of(event.userText(), event.amount),
                        WatermarkStrategy.noWatermarks())
                .keyBy(row -> row.f0)
                .process(new UserTotals())
                .returns(Types.TUPLE(Types.LONG, Types.DOUBLE))
                .sinkTo(new DiscardingSink<>());
    }
}
