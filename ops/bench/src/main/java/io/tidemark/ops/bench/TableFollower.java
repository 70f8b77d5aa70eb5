package io.tidemark.ops.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.ops.bench.Progress.Commit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Follows the log of a Delta table: its rows are there for readers when the version is, a moment before the batch ends. */
final class TableFollower implements Follower {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path log;
    private final Path checkpoint;
    private long version;

    /** @param checkpoint of the query that writes the table: knows the offsets of a batch */
    TableFollower(Path table, Path checkpoint) {
        this.log = table.resolve("_delta_log");
        this.checkpoint = checkpoint;
    }

    @Override
    public void look(Progress progress) throws IOException {
        Path file = file(version);
        while (file.toFile().exists()) {
            long changed = CheckpointFollower.changed(file);
            OptionalLong batch = batch(file);
            if (batch.isPresent()) {
                progress.add(new Commit(changed, CheckpointFollower.offsets(checkpoint, batch.getAsLong())));
            } else if (!file(version + 1).toFile().exists()) {
                return; // may still be written; or makes the table and no more
            }
            version++;
            file = file(version);
        }
    }

    private Path file(long version) {
        return log.resolve(String.format(Locale.ROOT, "%020d.json", version));
    }

    private static OptionalLong batch(Path file) throws IOException {
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("{\"txn\"") && line.endsWith("}")) {
                return OptionalLong.of(
                        JSON.readTree(line).path("txn").path("version").asLong());
            }
        }
        return OptionalLong.empty();
    }

    /** Returns how many rows the files of a table have by its log; versions that were cleaned up do not count. */
    static long rows(Path table) throws IOException {
        long rows = 0;
        try (Stream<Path> log = Files.list(table.resolve("_delta_log"))) {
            List<Path> versions =
                    log.filter(p -> p.toString().endsWith(".json")).sorted().toList();
            for (Path version : versions) {
                for (String line : Files.readAllLines(version)) {
                    JsonNode add = JSON.readTree(line).path("add");
                    if (add.has("stats")) {
                        rows += JSON.readTree(add.path("stats").asText())
                                .path("numRecords")
                                .asLong();
                    }
                }
            }
        }
        return rows;
    }
}
