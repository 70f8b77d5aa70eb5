package io.tidemark.ops.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ops.drill.Events;
import io.tidemark.ops.drill.LeftBehind;
import io.tidemark.ops.drill.TidemarkCommand;
import io.tidemark.ops.drill.TidemarkRun;
import io.tidemark.ops.spark.SparkAndKafka.Running;
import io.tidemark.ops.spark.job.SparkPipeline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.jspecify.annotations.Nullable;

/**
 * One pipeline file, one checkpoint, one table, and two engines that can run it. Each run reads what is there and ends.
 */
final class HandOver {
    private static final int PARTITIONS = 3;
    private static final int KILLED = 137;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Running running;
    private final PipelineText pipeline;
    private final List<String> topics;
    private final Path directory;
    private final Path checkpoint;
    private final Path table;
    private long sent;

    /** The query without state. Makes the topics, each with three partitions. */
    HandOver(Running running, String... topics) {
        this(running, PipelineText.STATELESS, topics);
    }

    /** Makes the topics, each with three partitions. */
    HandOver(Running running, PipelineText pipeline, String... topics) {
        this(running, pipeline, List.of(topics), null);
        this.topics.forEach(topic -> running.broker().topics().create(topic, PARTITIONS));
    }

    private HandOver(Running running, PipelineText pipeline, List<String> topics, @Nullable Path table) {
        this.running = running;
        this.pipeline = pipeline;
        this.topics = topics;
        this.directory = running.newDirectory("hand-over");
        this.checkpoint = directory.resolve("checkpoint");
        this.table = table == null ? directory.resolve("table") : table;
    }

    /** Returns another query that writes into the same table from a topic of its own, which it makes. */
    HandOver beside(PipelineText other, String topic) {
        running.broker().topics().create(topic, PARTITIONS);
        return new HandOver(running, other, List.of(topic), table);
    }

    /** Returns the same query over the same topics with a fresh checkpoint and table. */
    HandOver again() {
        HandOver other = new HandOver(running, pipeline, topics, null);
        other.sent = sent;
        return other;
    }

    Path checkpoint() {
        return checkpoint;
    }

    Path table() {
        return table;
    }

    /** Sends events, an equal part to each topic. */
    HandOver send(int events) {
        try (Events producer = new Events(running.broker().bootstrapServers())) {
            int part = events / topics.size();
            for (int i = 0; i < topics.size(); i++) {
                long until = i == topics.size() - 1 ? sent + events : sent + (i + 1L) * part;
                producer.send(topics.get(i), PARTITIONS, sent + (long) i * part, until);
            }
        }
        sent += events;
        return this;
    }

    HandOver runTidemark() throws IOException {
        tidemark("tidemark.log", runArguments());
        return this;
    }

    /** Runs Tidemark until it dies by its own hand as {@code killAt} says. */
    HandOver runTidemarkUntilKilled(String killAt) throws IOException, InterruptedException {
        try (TidemarkRun run = startTidemark(Map.of(TidemarkCommand.KILL_AT, killAt))) {
            assertThat(run.await(PATIENCE)).as(run.tail()).hasValue(KILLED);
        }
        return this;
    }

    /** Runs Tidemark in a process of its own while {@code meanwhile} runs here. */
    HandOver runTidemarkWhile(Meanwhile meanwhile) throws Exception {
        try (TidemarkRun run = startTidemark(Map.of())) {
            meanwhile.run();
            run.awaitExit(0, PATIENCE);
        }
        return this;
    }

    /** What may fail. */
    interface Meanwhile {
        void run() throws Exception;
    }

    /** Has Spark put the files of the table together. */
    void optimize() {
        DeltaLog.clearCache();
        running.spark().sql("OPTIMIZE delta.`" + table + "`").collectAsList();
    }

    /** Runs the same file on Spark, in this JVM. */
    HandOver runSpark() throws IOException {
        assertThat(askSpark()).isEmpty();
        return this;
    }

    /** As {@link #runSpark}, by somebody who did not use the job and so was not warned. */
    HandOver runSparkUnwarned() throws IOException {
        Path ours = checkpoint.resolve("_tidemark");
        Path hidden = directory.resolve("hidden");
        Files.move(ours, hidden);
        runSpark();
        Files.move(hidden, ours);
        return this;
    }

    /** Runs the same file on Spark and returns what the job says instead of running it; empty if it ran. */
    String askSpark() throws IOException {
        DeltaLog.clearCache();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int exit = SparkPipeline.run(
                new String[] {file().toString(), "--trigger", "available-now"},
                new PrintStream(said, true, StandardCharsets.UTF_8));
        String text = said.toString(StandardCharsets.UTF_8);
        assertThat(exit).as(text).isIn(0, 2);
        assertThat(exit == 0).as(text).isEqualTo(text.isEmpty());
        return text;
    }

    /**
     * Puts checkpoint and table back to where a crash in {@code batchId} leaves them after the state was written and before
     * the table was: nothing of later batches is there.
     */
    HandOver takeBack(long batchId) throws IOException {
        while (left().tableBatch().orElse(-1) >= batchId) {
            forgetTableVersion();
        }
        List<Path> gone = new ArrayList<>();
        try (var files = Files.walk(checkpoint)) {
            files.filter(Files::isRegularFile)
                    .filter(f -> isAfter(checkpoint.relativize(f), batchId))
                    .forEach(gone::add);
        }
        for (Path file : gone) {
            Files.delete(file);
        }
        return this;
    }

    /** Whether a file holds a plan or a state of later batches, or a commit of this one, or their checksum. */
    private static boolean isAfter(Path file, long batchId) {
        String number = file.getFileName().toString().replaceFirst("^\\.", "").replaceFirst("[._].*", "");
        if (!number.matches("[0-9]{1,9}")) {
            return false;
        }
        long id = Long.parseLong(number);
        return switch (file.getName(0).toString()) {
            case "offsets" -> id > batchId;
            case "commits" -> id >= batchId;
            case "state" -> file.getNameCount() >= 4 && id > batchId + 1;
            default -> false;
        };
    }

    /** Takes back that the newest batch is committed. */
    HandOver forgetCommit() throws IOException {
        long newest = left().commits().last();
        Files.delete(checkpoint.resolve("commits").resolve(Long.toString(newest)));
        Files.deleteIfExists(checkpoint.resolve("commits").resolve("." + newest + ".crc"));
        return this;
    }

    /** Takes the newest version of the table back. */
    HandOver forgetTableVersion() throws IOException {
        List<Path> log = new ArrayList<>();
        try (var files = Files.list(table.resolve("_delta_log"))) {
            files.filter(f -> f.getFileName().toString().matches("[0-9]{20}\\.json"))
                    .sorted()
                    .forEach(log::add);
        }
        String newest = log.get(log.size() - 1).getFileName().toString().replace(".json", "");
        for (String name : List.of(newest + ".json", newest + ".crc")) {
            Files.deleteIfExists(table.resolve("_delta_log").resolve(name));
            Files.deleteIfExists(table.resolve("_delta_log").resolve("." + name + ".crc"));
        }
        return this;
    }

    LeftBehind left() throws IOException {
        return LeftBehind.read(checkpoint, table);
    }

    /** Returns a file of the checkpoint as lines. */
    List<String> lines(String file) throws IOException {
        return Files.readAllLines(checkpoint.resolve(file));
    }

    /** Every event sent is in the table once, unchanged, and the logs have no holes. */
    void assertExactlyOnce() throws IOException {
        DeltaLog.clearCache();
        Dataset<Row> rows = running.spark().read().format("delta").load(table.toString());
        Row count = rows.selectExpr(
                        "count(*)",
                        "count(DISTINCT event_id)",
                        "min(event_id)",
                        "max(event_id)",
                        "count(DISTINCT topic)",
                        "sum(CAST(doubled * 50 AS DECIMAL(20, 0)) - event_id % 10000)",
                        "count_if(event_time = timestamp_millis(1767225600000 + event_id * 10))")
                .head();
        assertThat(count.getLong(0)).as("rows").isEqualTo(sent);
        assertThat(count.getLong(1)).as("different events").isEqualTo(sent);
        assertThat(count.getLong(2)).as("first event").isZero();
        assertThat(count.getLong(3)).as("last event").isEqualTo(sent - 1);
        assertThat(count.getLong(4)).as("topics").isEqualTo(topics.size());
        assertThat(count.getDecimal(5)).as("amounts").isEqualByComparingTo("0");
        assertThat(count.getLong(6)).as("right times").isEqualTo(sent);
        LeftBehind left = left();
        assertThat(left.offsets()).isEqualTo(left.commits());
        assertThat(left.offsets()).hasSize((int) (left.offsets().last() + 1));
        assertThat(left.tableBatch()).hasValue(left.offsets().last());
    }

    /** Returns the table's rows as JSON, ordered. */
    List<String> rows() {
        DeltaLog.clearCache();
        return running.spark().read().format("delta").load(table.toString()).toJSON().collectAsList().stream()
                .sorted()
                .toList();
    }

    /** Returns the newest state of an operator as Spark's own reader has it, as JSON, ordered. */
    List<String> state(int operator) {
        SparkSession session = running.spark().newSession();
        session.streams(); // makes the session's state coordinator, which the reader asks
        pipeline.conf().forEach(session.conf()::set);
        return session
                .read()
                .format("statestore")
                .option("operatorId", operator)
                .load(checkpoint.toString())
                .selectExpr("partition_id", "key", "value")
                .toJSON()
                .collectAsList()
                .stream()
                .sorted()
                .toList();
    }

    /** Returns the operators with state. */
    List<Integer> operators() throws IOException {
        try (var directories = Files.list(checkpoint.resolve("state"))) {
            return directories
                    .map(d -> Integer.parseInt(d.getFileName().toString()))
                    .sorted()
                    .toList();
        }
    }

    /** Returns the names of the state files, relative to the checkpoint, ordered. */
    List<String> stateFiles() throws IOException {
        try (var files = Files.walk(checkpoint.resolve("state"))) {
            return files.map(f -> checkpoint.relativize(f).toString()).sorted().toList();
        }
    }

    /** Returns the newest state of an operator as Tidemark's own reader has it, ordered. */
    List<String> dump(int operator) throws IOException {
        Path log = directory.resolve("dump.json");
        Files.deleteIfExists(log);
        tidemark(
                log.getFileName().toString(),
                List.of(
                        "state",
                        "dump",
                        checkpoint.toString(),
                        "--operator",
                        Integer.toString(operator),
                        "--zone",
                        "UTC",
                        "--json"));
        return Files.readAllLines(log).stream().sorted().toList();
    }

    /** Returns what Tidemark says on whether Spark can take over; empty if nothing is in the way. */
    String check() throws IOException {
        Path log = directory.resolve("check.log");
        Files.deleteIfExists(log);
        int exit = running.tidemark(List.of("handover", checkpoint.toString(), "--check"), log);
        String said = Files.readString(log);
        assertThat(exit).as(said).isEqualTo(said.endsWith("ready: Spark can take over\n") ? 0 : 1);
        return exit == 0 ? "" : said;
    }

    private void tidemark(String logName, List<String> arguments) throws IOException {
        Path log = directory.resolve(logName);
        int exit = running.tidemark(arguments, log);
        if (exit != 0) {
            assertThat(exit).as(Files.readString(log)).isZero();
        }
    }

    private TidemarkRun startTidemark(Map<String, String> environment) throws IOException {
        return TidemarkCommand.ofThisBuild().start(runArguments(), environment, directory.resolve("tidemark.log"));
    }

    private List<String> runArguments() throws IOException {
        return List.of("run", file().toString(), "--trigger", "available-now");
    }

    private Path file() throws IOException {
        Path file = directory.resolve("pipeline.yaml");
        Files.writeString(
                file,
                pipeline.yaml(
                        running.broker().bootstrapServers(),
                        String.join(",", topics),
                        table.toString(),
                        checkpoint.toString()));
        return file;
    }
}
