package io.tidemark.samples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads a Delta table without the library that wrote it: its log as plain JSON, its files with DuckDB. */
final class DeltaRows {
    private DeltaRows() {}

    /** Returns the rows as text, columns parted by {@code |}; partition columns come from the log, as text. */
    static List<String> read(Path table, String columns) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement sql = duck.createStatement()) {
            sql.execute("SET TimeZone = 'UTC'");
            for (Map.Entry<String, JsonNode> file : files(table).entrySet()) {
                StringBuilder query =
                        new StringBuilder("SELECT ").append(columns).append(" FROM (SELECT *");
                file.getValue().properties().forEach(value -> query.append(", '")
                        .append(value.getValue().asText())
                        .append("' AS \"")
                        .append(value.getKey())
                        .append('"'));
                query.append(" FROM read_parquet('")
                        .append(table.resolve(file.getKey()))
                        .append("', hive_partitioning = false))");
                try (ResultSet found = sql.executeQuery(query.toString())) {
                    while (found.next()) {
                        List<String> cells = new ArrayList<>();
                        for (int c = 1; c <= found.getMetaData().getColumnCount(); c++) {
                            cells.add(String.valueOf(found.getObject(c)));
                        }
                        rows.add(String.join("|", cells));
                    }
                }
            }
        }
        return rows;
    }

    private static Map<String, JsonNode> files(Path table) throws Exception {
        Map<String, JsonNode> live = new TreeMap<>();
        ObjectMapper json = new ObjectMapper();
        List<Path> commits;
        try (Stream<Path> all = Files.list(table.resolve("_delta_log"))) {
            commits = all.filter(file -> file.getFileName().toString().matches("\\d{20}\\.json"))
                    .sorted()
                    .toList();
        }
        for (Path commit : commits) {
            for (String line : Files.readAllLines(commit)) {
                JsonNode action = json.readTree(line);
                if (action.has("add")) {
                    JsonNode add = action.get("add");
                    String path = URLDecoder.decode(add.get("path").asText(), StandardCharsets.UTF_8);
                    live.put(path, add.get("partitionValues"));
                } else if (action.has("remove")) {
                    live.remove(
                            URLDecoder.decode(action.get("remove").get("path").asText(), StandardCharsets.UTF_8));
                }
            }
        }
        return live;
    }
}
