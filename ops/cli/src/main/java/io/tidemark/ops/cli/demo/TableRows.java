package io.tidemark.ops.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Counts a Delta table's rows from its log alone (files added less files removed, by the row counts in their
 * statistics), without the library that wrote it. For tables whose whole log is there as JSON.
 *
 * @param rows in the newest version
 * @param version the newest version, -1 if there is no table
 */
public record TableRows(long rows, long version) {
    private static final String COMMIT = "\\d{20}\\.json";

    public static TableRows count(Path table) throws IOException {
        Path log = table.resolve("_delta_log");
        if (!Files.isDirectory(log)) {
            return new TableRows(0, -1);
        }
        List<Path> commits = new ArrayList<>();
        try (Stream<Path> files = Files.list(log)) {
            files.filter(file -> file.getFileName().toString().matches(COMMIT))
                    .sorted()
                    .forEach(commits::add);
        }
        Map<String, Long> live = new HashMap<>();
        ObjectMapper json = new ObjectMapper();
        for (Path commit : commits) {
            for (String line : Files.readAllLines(commit)) {
                JsonNode action = json.readTree(line);
                if (action.has("add")) {
                    String stats = action.get("add").path("stats").asText("{}");
                    JsonNode count = json.readTree(stats).get("numRecords");
                    if (count == null) {
                        throw new IOException("A file without a row count stands in " + commit);
                    }
                    live.put(action.get("add").get("path").asText(), count.asLong());
                } else if (action.has("remove")) {
                    live.remove(action.get("remove").get("path").asText());
                }
            }
        }
        return new TableRows(live.values().stream().mapToLong(Long::longValue).sum(), commits.size() - 1L);
    }
}
