package io.tidemark.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** A pipeline from a topic to a table, all in one folder, with which something is wrong, or will be. */
final class Scene {
    private static final String PIPELINE =
            """
            name: events
            sources:
              events:
                format: kafka
                options:
                  kafka.bootstrap.servers: ${SERVERS}
                  subscribe: ${TOPIC}
                  startingOffsets: earliest
                  maxOffsetsPerTrigger: 100
            sql: |
              SELECT d.event_id, d.page,
                d.amount
              FROM (SELECT from_json(CAST(value AS STRING), '%s') AS d FROM events)
            sink: { format: delta, path: "${DIR}/table" }
            trigger: { availableNow: true }
            checkpointLocation: ${DIR}/checkpoint
            conf: { spark.sql.session.timeZone: UTC }
            """
                    .formatted(Events.SCHEMA);

    /** Who owns the checkpoint, and the empty folder in which the names of new files are made ready. */
    private static final Pattern OWNERSHIP = Pattern.compile("checkpoint/_tidemark(/epoch(/[0-9]+)?|/lock|/tmp)?");

    private final Path directory;
    private final SortedMap<String, String> environment = new TreeMap<>();

    Scene(Path directory, String servers, String topic) throws IOException {
        this.directory = Files.createDirectories(directory);
        environment.put("SERVERS", servers);
        environment.put("TOPIC", topic);
        environment.put("DIR", directory.toString());
        Files.writeString(file(), PIPELINE);
    }

    Path file() {
        return directory.resolve("events.yaml");
    }

    Path checkpoint() {
        return directory.resolve("checkpoint");
    }

    Path table() {
        return directory.resolve("table");
    }

    DeltaTableOracle.Count events() throws IOException {
        return DeltaTableOracle.read(table()).countEvents();
    }

    /** Replaces a part of the pipeline file that stands in it. */
    Scene edit(String part, String replacement) throws IOException {
        String text = Files.readString(file());
        assertThat(text).contains(part);
        Files.writeString(file(), text.replace(part, replacement));
        return this;
    }

    /** Puts options of the source into the pipeline file. */
    Scene withOptions(Map<String, String> options) throws IOException {
        StringBuilder lines = new StringBuilder("startingOffsets: earliest");
        options.forEach((name, value) ->
                lines.append("\n      ").append(name).append(": ").append(value));
        return edit("startingOffsets: earliest", lines.toString());
    }

    /** Sets what a variable of the pipeline file stands for. */
    Scene set(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Runs the pipeline in this process until everything that is there now is in the table. */
    Answer run(String... more) {
        return Answer.to(arguments(more), environment);
    }

    /** Starts the pipeline in a process of its own; what it says goes to {@code said}, and its log beside it. */
    TidemarkRun start(Path said, String... more) {
        return start(TidemarkCommand.ofThisBuild(), said, more);
    }

    /** As {@link #start(Path, String...)}, by a command of one's own. */
    TidemarkRun start(TidemarkCommand command, Path said, String... more) {
        List<String> arguments = new ArrayList<>(arguments(more));
        arguments.add("--log=" + said + ".log");
        return command.start(arguments, environment, said);
    }

    private List<String> arguments(String... more) {
        List<String> arguments = new ArrayList<>(List.of("run", file().toString(), "--quiet"));
        arguments.addAll(List.of(more));
        return arguments;
    }

    /** As {@link #run}, holding that no file was added, changed or removed but those that say who owns the checkpoint. */
    Answer runInVain(String... more) throws IOException {
        Map<String, String> before = tree();
        Answer answer = run(more);
        assertThat(tree()).as("files after %s", answer.err()).isEqualTo(before);
        return answer;
    }

    /** Every file and folder with length and checksum, but those that say who owns the checkpoint. */
    SortedMap<String, String> tree() throws IOException {
        SortedMap<String, String> tree = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
            for (Path path : files.sorted().toList()) {
                String name = directory.relativize(path).toString();
                if (!OWNERSHIP.matcher(name).matches()) {
                    tree.put(name, Files.isDirectory(path) ? "folder" : digest(Files.readAllBytes(path)));
                }
            }
        }
        return Collections.unmodifiableSortedMap(tree);
    }

    private static String digest(byte[] content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return content.length + " bytes, " + Long.toHexString(crc.getValue());
    }

    /** Returns a copy of this folder elsewhere, with the same topic. */
    Scene copyTo(Path elsewhere) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path path : files.sorted().toList()) {
                Path target = elsewhere.resolve(directory.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
        String pipeline = Files.readString(file());
        Scene copy =
                new Scene(elsewhere, environment.getOrDefault("SERVERS", ""), environment.getOrDefault("TOPIC", ""));
        Files.writeString(copy.file(), pipeline);
        return copy;
    }
}
