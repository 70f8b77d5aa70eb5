package io.tidemark.ops.drill;

import io.tidemark.connectors.kafkabroker.KafkaBrokerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The query that the drills run: generated events from one topic into a Delta table, run by the command line. */
final class EventsPipeline {
    private final TidemarkCommand command;
    private final Path directory;
    private final Path file;

    EventsPipeline(
            TidemarkCommand command, Path directory, KafkaBrokerProcess broker, String topic, int maxOffsetsPerTrigger)
            throws IOException {
        this.command = command;
        this.directory = Files.createDirectories(directory);
        this.file = directory.resolve("events.yaml");
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
                                table(),
                                checkpoint()));
    }

    Path checkpoint() {
        return directory.resolve("checkpoint");
    }

    Path table() {
        return directory.resolve("table");
    }

    /** Runs until it is stopped. */
    TidemarkRun start(Map<String, String> environment) {
        return start(List.of(), environment);
    }

    /** Runs until everything that is there now is in the table. */
    TidemarkRun startAvailableNow(int maxOffsetsPerTrigger) {
        return start(
                List.of(
                        "--trigger",
                        "available-now",
                        "--set",
                        "sources.events.options.maxOffsetsPerTrigger=" + maxOffsetsPerTrigger),
                Map.of());
    }

    LeftBehind left() throws IOException {
        return LeftBehind.read(checkpoint(), table());
    }

    /** Returns the names in a folder of the checkpoint: enough to see that something moved, and cheap to ask for. */
    List<String> names(String folder) throws IOException {
        if (!Files.isDirectory(checkpoint().resolve(folder))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(checkpoint().resolve(folder))) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    private TidemarkRun start(List<String> more, Map<String, String> environment) {
        List<String> arguments = new ArrayList<>(List.of("run", file.toString(), "--quiet", "--log"));
        arguments.add(directory.resolve("tidemark.log").toString());
        arguments.addAll(more);
        return command.start(arguments, environment, directory.resolve("output.txt"));
    }
}
