package io.tidemark.ops.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidemark.ops.drill.Events;
import io.tidemark.ops.drill.LeftBehind;
import io.tidemark.ops.drill.TidemarkCommand;
import io.tidemark.ops.drill.TidemarkRun;
import io.tidemark.ops.spark.SparkAndKafka.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;

/**
 * One query, one checkpoint, one table, and two engines that can run it: Kafka, {@code from_json}, Delta; at most 400
 * offsets a batch. Each run reads what is there and ends.
 */
final class HandOver {
    private static final int MAX_OFFSETS = 400;
    private static final int PARTITIONS = 3;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String SQL = "SELECT d.event_id, d.user_id, d.page, d.amount * 2 AS doubled, d.event_time,"
            + " topic, offset FROM (SELECT from_json(CAST(value AS STRING), '" + Events.SCHEMA
            + "') AS d, topic, offset FROM events) WHERE d.event_id >= 0";

    private final Running running;
    private final List<String> topics;
    private final Path directory;
    private final Path checkpoint;
    private final Path table;
    private long sent;

    /** Makes the topics, each with three partitions. */
    HandOver(Running running, String... topics) {
        this(running, List.of(topics));
        this.topics.forEach(topic -> running.broker().topics().create(topic, PARTITIONS));
    }

    private HandOver(Running running, List<String> topics) {
        this.running = running;
        this.topics = topics;
        this.directory = running.newDirectory("hand-over");
        this.checkpoint = directory.resolve("checkpoint");
        this.table = directory.resolve("table");
    }

    /** Returns the same query over the same topics with a fresh checkpoint and table. */
    HandOver again() {
        HandOver other = new HandOver(running, topics);
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

    HandOver runTidemark() throws IOException, InterruptedException {
        try (TidemarkRun run = startTidemark(Map.of())) {
            run.awaitExit(0, PATIENCE);
        }
        return this;
    }

    /** Runs Tidemark until it dies by its own hand as {@code killAt} says. */
    HandOver runTidemarkUntilKilled(String killAt) throws IOException, InterruptedException {
        try (TidemarkRun run = startTidemark(Map.of(TidemarkCommand.KILL_AT, killAt))) {
            assertThat(run.await(PATIENCE)).as(run.tail()).isPresent();
        }
        return this;
    }

    HandOver runSpark() throws TimeoutException, StreamingQueryException {
        DeltaLog.clearCache();
        Dataset<Row> kafka = running.spark()
                .readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", running.broker().bootstrapServers())
                .option("subscribe", String.join(",", topics))
                .option("startingOffsets", "earliest")
                .option("maxOffsetsPerTrigger", MAX_OFFSETS)
                .load();
        kafka.createOrReplaceTempView("events");
        StreamingQuery query = running.spark()
                .sql(SQL)
                .writeStream()
                .format("delta")
                .queryName("hand-over")
                .outputMode("append")
                .option("checkpointLocation", checkpoint.toString())
                .trigger(Trigger.AvailableNow())
                .start(table.toString());
        if (!query.awaitTermination(PATIENCE.toMillis())) {
            query.stop();
            throw new IllegalStateException("Spark still runs after " + PATIENCE);
        }
        return this;
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

    private TidemarkRun startTidemark(Map<String, String> environment) throws IOException {
        Path pipeline = directory.resolve("hand-over.yaml");
        Files.writeString(
                pipeline,
                """
                name: hand-over
                sources:
                  events:
                    format: kafka
                    options:
                      kafka.bootstrap.servers: %s
                      subscribe: %s
                      startingOffsets: earliest
                      maxOffsetsPerTrigger: %d
                sql: |
                  %s
                sink:
                  format: delta
                  path: %s
                outputMode: append
                checkpointLocation: %s
                conf:
                  spark.sql.shuffle.partitions: 2
                """
                        .formatted(
                                running.broker().bootstrapServers(),
                                String.join(",", topics),
                                MAX_OFFSETS,
                                SQL,
                                table,
                                checkpoint));
        return TidemarkCommand.ofThisBuild()
                .start(
                        List.of("run", pipeline.toString(), "--trigger", "available-now"),
                        environment,
                        directory.resolve("tidemark.log"));
    }
}
