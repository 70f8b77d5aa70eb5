package io.tidemark.ops.drill;

import io.tidemark.connectors.kafkabroker.KafkaBrokerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A pipeline file that a drill runs by the command line: one topic into a Delta table.
 *
 * @param directory for what the runs leave behind
 * @param environment what the file's variables stand for
 * @param settings {@code --set} options
 * @param source the name of the source in the file
 */
record DrilledPipeline(
        TidemarkCommand command,
        Path directory,
        Path file,
        Map<String, String> environment,
        List<String> settings,
        String source,
        Path checkpoint,
        Path table) {
    DrilledPipeline {
        environment = Map.copyOf(environment);
        settings = List.copyOf(settings);
    }

    /** Generated events into a table, without state. */
    static DrilledPipeline events(
            TidemarkCommand command, Path directory, KafkaBrokerProcess broker, String topic, int maxOffsetsPerTrigger)
            throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve("events.yaml");
        Path checkpoint = directory.resolve("checkpoint");
        Path table = directory.resolve("table");
        Files.writeString(
                file,
                """
                name: events
                sources:
                  events:
                    format: kafka
                    options:
                      kafka.bootstrap.servers: %s
                      subscribe: %s
                      startingOffsets: earliest
                      maxOffsetsPerTrigger: %d
                sql: |
                  SELECT d.event_id, d.user_id, d.page, d.amount, d.event_time
                  FROM (SELECT from_json(CAST(value AS STRING), '%s') AS d FROM events)
                sink:
                  format: delta
                  path: %s
                outputMode: append
                trigger: { processingTime: 0 seconds }
                checkpointLocation: %s
                conf:
                  spark.sql.streaming.minBatchesToRetain: 20
                """
                        .formatted(
                                broker.bootstrapServers(),
                                topic,
                                maxOffsetsPerTrigger,
                                Events.SCHEMA,
                                table,
                                checkpoint));
        return new DrilledPipeline(command, directory, file, Map.of(), List.of(), "events", checkpoint, table);
    }

    /** The sample that counts clicks by page and window, batch after batch without a pause. */
    static DrilledPipeline clickstream(
            TidemarkCommand command, Path directory, KafkaBrokerProcess broker, int maxOffsetsPerTrigger)
            throws IOException {
        Files.createDirectories(directory);
        return new DrilledPipeline(
                command,
                directory,
                Path.of("../../samples/pipelines/clicks-per-page.yaml"),
                Map.of("KAFKA", broker.bootstrapServers(), "DATA", directory.toString()),
                List.of(
                        "trigger={processingTime: 0 seconds}",
                        "conf.spark.sql.streaming.minBatchesToRetain=20",
                        "sources.clicks.options.maxOffsetsPerTrigger=" + maxOffsetsPerTrigger),
                "clicks",
                directory.resolve("checkpoints/clicks-per-page"),
                directory.resolve("clicks_per_page"));
    }

    /** Runs until it is stopped. */
    TidemarkRun start(Map<String, String> more) {
        return start(List.of(), more);
    }

    /** Runs until everything that is there now is in the table. */
    TidemarkRun startAvailableNow(int maxOffsetsPerTrigger) {
        return start(
                List.of(
                        "--trigger",
                        "available-now",
                        "--set",
                        "sources." + source + ".options.maxOffsetsPerTrigger=" + maxOffsetsPerTrigger),
                Map.of());
    }

    LeftBehind left() throws IOException {
        return LeftBehind.read(checkpoint, table);
    }

    /** Returns the names in a folder of the checkpoint: enough to see that something moved, and cheap to ask for. */
    List<String> names(String folder) throws IOException {
        if (!Files.isDirectory(checkpoint.resolve(folder))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(checkpoint.resolve(folder))) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    private TidemarkRun start(List<String> arguments, Map<String, String> more) {
        List<String> all = new ArrayList<>(List.of("run", file.toString(), "--quiet", "--log"));
        all.add(directory.resolve("tidemark.log").toString());
        for (String setting : settings) {
            all.add("--set");
            all.add(setting);
        }
        all.addAll(arguments);
        TreeMap<String, String> variables = new TreeMap<>(environment);
        variables.putAll(more);
        return command.start(all, variables, directory.resolve("output.txt"));
    }
}
