package io.tidemark.ops.spark;

import io.tidemark.connectors.kafkabroker.KafkaTopics;
import io.tidemark.ops.drill.Events;
import io.tidemark.ops.drill.TidemarkCommand;
import io.tidemark.ops.drill.TidemarkRun;
import io.tidemark.ops.spark.SparkAndKafka.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.streaming.Trigger;
import org.jspecify.annotations.Nullable;

/** A query that one of the engines runs, and its files, to which a crash is done by hand. */
final class CrashScene {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pattern VIEW = Pattern.compile(
            "name: (\\w+)\\s+sql: ([^\n]+)\\s+watermark: \\{ column: (\\w+), delay: ([^}]+) }", Pattern.DOTALL);
    private static final Map<String, String> SETTINGS = Map.of(
            "spark.sql.shuffle.partitions",
            "2",
            "spark.sql.streaming.stateStore.providerClass",
            "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider",
            "spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled",
            "true");

    /** Who runs it. */
    enum Engine {
        SPARK("Spark 4.1.3"),
        TIDEMARK("Tidemark");

        private final String title;

        Engine(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /**
     * How a run ended.
     *
     * @param exitCode 0 if everything was read
     * @param said what it printed, as it was
     */
    record Ran(int exitCode, String said) {
        boolean isFine() {
            return exitCode == 0;
        }
    }

    private final Running running;
    private final Engine engine;
    private final PipelineText pipeline;
    private final String topic;
    private final int partitions;
    private final Path directory;

    CrashScene(Running running, Engine engine, PipelineText pipeline, String topic, int partitions) {
        this.running = running;
        this.engine = engine;
        this.pipeline = pipeline;
        this.topic = topic + "-" + engine.name().toLowerCase(Locale.ROOT);
        this.partitions = partitions;
        this.directory = running.newDirectory("crash");
        createTopic();
    }

    Engine engine() {
        return engine;
    }

    Path checkpoint() {
        return directory.resolve("checkpoint");
    }

    Path table() {
        return directory.resolve("table");
    }

    /** Sends the records {@code [from, until)}. */
    CrashScene send(long from, long until, LongFunction<byte[]> records) {
        try (Events producer = new Events(running.broker().bootstrapServers())) {
            producer.send(topic, partitions, from, until, records);
        }
        return this;
    }

    private void createTopic() {
        running.broker().topics().create(topic, partitions);
    }

    /** Deletes the topic with all that is in it, and makes it anew. */
    void createTopicAgain() {
        running.broker().topics().delete(topic);
        createTopic();
    }

    /** Deletes every record that the topic has. */
    void expireEverything() {
        KafkaTopics topics = running.broker().topics();
        for (int partition = 0; partition < partitions; partition++) {
            topics.deleteRecords(topic, partition, topics.latest(topic, partition));
        }
    }

    /** Runs until everything is read. */
    Ran run() throws IOException {
        DeltaLog.clearCache();
        if (engine == Engine.SPARK) {
            return runSpark();
        }
        Path log = Files.createTempFile(directory, "said", ".txt");
        int exit = running.tidemark(arguments(), log);
        return new Ran(exit, Files.readString(log).strip());
    }

    /** Spark as everybody has it: our job, which looks at the checkpoint first, is not in the way. */
    private Ran runSpark() {
        SparkSession session = running.spark().newSession();
        SETTINGS.forEach(session.conf()::set);
        pipeline.conf().forEach(session.conf()::set);
        try {
            session.readStream()
                    .format("kafka")
                    .option("kafka.bootstrap.servers", running.broker().bootstrapServers())
                    .option("subscribe", topic)
                    .option("startingOffsets", "earliest")
                    .option("maxOffsetsPerTrigger", PipelineText.MAX_OFFSETS)
                    .load()
                    .createOrReplaceTempView("events");
            Matcher view = VIEW.matcher(pipeline.views());
            if (view.find()) {
                session.sql(view.group(2))
                        .withWatermark(view.group(3), view.group(4))
                        .createOrReplaceTempView(view.group(1));
            }
            session.sql(pipeline.sql())
                    .writeStream()
                    .queryName(pipeline.name())
                    .format("delta")
                    .outputMode(pipeline.outputMode())
                    .trigger(Trigger.AvailableNow())
                    .option("checkpointLocation", checkpoint().toString())
                    .option("path", table().toString())
                    .start()
                    .awaitTermination();
            return new Ran(0, "");
        } catch (Exception e) { // Scala throws checked ones without declaring them
            return new Ran(1, String.valueOf(e.getMessage()).strip());
        }
    }

    /** As {@link #run}, by a process whose writing and syncing is recorded in {@code trace}. */
    Ran runTraced(Path trace) throws IOException, InterruptedException {
        if (engine == Engine.SPARK) {
            try (Syscalls ignored = Syscalls.attach(ProcessHandle.current().pid(), trace)) {
                return run();
            }
        }
        Path log = Files.createTempFile(directory, "said", ".txt");
        try (TidemarkRun run = TidemarkCommand.ofThisBuild().start(arguments(), Map.of(), log);
                Syscalls ignored = Syscalls.attach(run.pid(), trace)) {
            return new Ran(run.await(PATIENCE).orElse(-1), Files.readString(log).strip());
        }
    }

    /** Runs, and holds that nothing is wrong: what comes before a crash. */
    CrashScene runWell() throws IOException {
        Ran ran = run();
        if (!ran.isFine()) {
            throw new IllegalStateException(engine.title() + " ended with " + ran);
        }
        return this;
    }

    private List<String> arguments() throws IOException {
        return List.of("run", file().toString(), "--trigger", "available-now", "--quiet", "--log", directory + "/log");
    }

    private Path file() throws IOException {
        Path file = directory.resolve("pipeline.yaml");
        Files.writeString(
                file,
                pipeline.yaml(
                        running.broker().bootstrapServers(),
                        topic,
                        table().toString(),
                        checkpoint().toString()));
        return file;
    }

    /** Deletes a file of the checkpoint, with the checksum that Hadoop keeps beside it. */
    CrashScene lose(String file) throws IOException {
        delete(checkpoint().resolve(file));
        return this;
    }

    /** Cuts a file of the checkpoint; the checksum beside it stays as it was, or goes. */
    void tear(String file, String rest, boolean withChecksum) throws IOException {
        Path path = checkpoint().resolve(file);
        Files.writeString(path, rest);
        if (!withChecksum) {
            Files.deleteIfExists(path.resolveSibling("." + path.getFileName() + ".crc"));
        }
    }

    /** Deletes a version of the table's log. */
    CrashScene loseVersion(int version) throws IOException {
        String name = String.format(Locale.ROOT, "%020d", version);
        delete(table().resolve("_delta_log/" + name + ".json"));
        delete(table().resolve("_delta_log/" + name + ".crc"));
        return this;
    }

    static void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
    }

    /** Returns the rows of the table as JSON of some columns, or why it cannot be read. */
    Rows rows(String... columns) {
        DeltaLog.clearCache();
        try {
            return new Rows(
                    running
                            .spark()
                            .read()
                            .format("delta")
                            .load(table().toString())
                            .selectExpr(columns)
                            .toJSON()
                            .collectAsList()
                            .stream()
                            .sorted()
                            .toList(),
                    null);
        } catch (Exception e) { // Scala throws checked ones without declaring them
            return new Rows(List.of(), String.valueOf(e.getMessage()));
        }
    }

    /**
     * What a table holds.
     *
     * @param problem why it cannot be read, null if it can
     */
    record Rows(List<String> rows, @Nullable String problem) {
        /** Returns the rows of this table without those of another, each as often as it is there more. */
        List<String> without(Rows other) {
            List<String> rest = new ArrayList<>(rows);
            other.rows.forEach(rest::remove);
            return rest;
        }
    }
}
