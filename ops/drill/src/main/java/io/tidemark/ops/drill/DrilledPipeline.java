package io.tidemark.ops.drill;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
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
public record DrilledPipeline(
        TidemarkCommand command,
        Path directory,
        Path file,
        Map<String, String> environment,
        List<String> settings,
        String source,
        Path checkpoint,
        Path table) {
    private static final String SAMPLE = "clicks-per-page.yaml";
    private static final int RETAINED_BATCHES = 50;

    public DrilledPipeline {
        environment = Map.copyOf(environment);
        settings = List.copyOf(settings);
    }

    /** Generated events into a table, without state. */
    public static DrilledPipeline events(
            TidemarkCommand command, Path directory, String brokers, String topic, int maxOffsetsPerTrigger)
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
                  spark.sql.streaming.minBatchesToRetain: %d
                """
                        .formatted(
                                brokers,
                                topic,
                                maxOffsetsPerTrigger,
                                Events.SCHEMA,
                                table,
                                checkpoint,
                                RETAINED_BATCHES));
        return new DrilledPipeline(command, directory, file, Map.of(), List.of(), "events", checkpoint, table);
    }

    /** The sample that counts clicks by page and window, batch after batch without a pause. */
    public static DrilledPipeline clickstream(
            TidemarkCommand command, Path directory, String brokers, String topic, int maxOffsetsPerTrigger)
            throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve(SAMPLE);
        try (InputStream sample = DrilledPipeline.class.getResourceAsStream(SAMPLE)) {
            Files.write(file, requireNonNull(sample, SAMPLE).readAllBytes());
        }
        return new DrilledPipeline(
                command,
                directory,
                file,
                Map.of("KAFKA", brokers, "DATA", directory.toString()),
                List.of(
                        "trigger={processingTime: 0 seconds}",
                        "conf.spark.sql.streaming.minBatchesToRetain=" + RETAINED_BATCHES,
                        "conf.spark.sql.streaming.stateStore.maintenanceInterval=300ms",
                        "conf.spark.sql.streaming.stateStore.minDeltasForSnapshot=4",
                        "sources.clicks.options.subscribe=" + topic,
                        "sources.clicks.options.maxOffsetsPerTrigger=" + maxOffsetsPerTrigger),
                "clicks",
                directory.resolve("checkpoints/clicks-per-page"),
                directory.resolve("clicks_per_page"));
    }

    /** Runs until it is stopped. */
    public TidemarkRun start(Map<String, String> more) {
        return start(List.of(), more);
    }

    /** As {@link #start(Map)}, fencing off a run that has the checkpoint; its output is apart from that run's. */
    public TidemarkRun startTakingOver() {
        return start(List.of("--take-over"), Map.of(), "taken-over");
    }

    /** Runs until everything that is there now is in the table. */
    public TidemarkRun startAvailableNow(int maxOffsetsPerTrigger) {
        return start(
                List.of(
                        "--trigger",
                        "available-now",
                        "--set",
                        "sources." + source + ".options.maxOffsetsPerTrigger=" + maxOffsetsPerTrigger),
                Map.of());
    }

    public LeftBehind left() throws IOException {
        return LeftBehind.read(checkpoint, table);
    }

    /** Returns the names in a folder of the checkpoint: enough to see that something moved, and cheap to ask for. */
    public List<String> names(String folder) throws IOException {
        if (!Files.isDirectory(checkpoint.resolve(folder))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(checkpoint.resolve(folder))) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    private TidemarkRun start(List<String> arguments, Map<String, String> more) {
        return start(arguments, more, "tidemark");
    }

    private TidemarkRun start(List<String> arguments, Map<String, String> more, String log) {
        List<String> all = new ArrayList<>(List.of("run", file.toString(), "--quiet", "--log"));
        all.add(directory.resolve(log + ".log").toString());
        for (String setting : settings) {
            all.add("--set");
            all.add(setting);
        }
        all.addAll(arguments);
        TreeMap<String, String> variables = new TreeMap<>(environment);
        variables.putAll(more);
        return command.start(all, variables, directory.resolve(log.equals("tidemark") ? "output.txt" : log + ".txt"));
    }
}
