package io.tidemark.ops.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads a Delta table without any of the libraries that wrote it: the log's JSON by Jackson, from version 0 on and
 * without the log's checkpoints, and the Parquet files that are live by DuckDB.
 */
final class DeltaTableOracle {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path table;
    private final Set<Path> liveFiles = new TreeSet<>();
    private final List<Transaction> transactions = new ArrayList<>();
    private final int versions;

    private DeltaTableOracle(Path table) throws IOException {
        this.table = table;
        List<Path> commits = commits();
        for (int version = 0; version < commits.size(); version++) {
            Path expected = table.resolve("_delta_log").resolve(String.format("%020d.json", version));
            if (!commits.get(version).equals(expected)) {
                throw new IllegalStateException("version " + version + " is missing in " + table);
            }
            apply(version, commits.get(version));
        }
        versions = commits.size();
    }

    static DeltaTableOracle read(Path table) throws IOException {
        return new DeltaTableOracle(table);
    }

    /** Returns how many versions the table has. */
    int versions() {
        return versions;
    }

    /** Returns the {@code txn} actions in the order of the log. */
    List<Transaction> transactions() {
        return List.copyOf(transactions);
    }

    /** Returns what the live files hold, counted by the column {@code event_id}. */
    Count countEvents() {
        List<List<String>> rows = rows("count(*), count(DISTINCT event_id), min(event_id), max(event_id)");
        if (rows.isEmpty()) {
            return new Count(0, 0, -1, -1);
        }
        List<Long> row = rows.get(0).stream().map(Long::parseLong).toList();
        return new Count(row.get(0), row.get(1), row.get(2), row.get(3));
    }

    /** Returns what a list of DuckDB's expressions gives over the live files, as DuckDB's text; no rows without files. */
    List<List<String>> rows(String select) {
        List<List<String>> rows = new ArrayList<>();
        if (liveFiles.isEmpty()) {
            return rows;
        }
        String files = liveFiles.stream()
                .map(file -> "'" + file.toString().replace("'", "''") + "'")
                .collect(Collectors.joining(",", "[", "]"));
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT " + select + " FROM read_parquet(" + files + ", hive_partitioning = false)")) {
            int width = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= width; i++) {
                    row.add(String.valueOf(result.getString(i)));
                }
                rows.add(row);
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void apply(int version, Path commit) throws IOException {
        for (String line : Files.readAllLines(commit)) {
            JsonNode action = JSON.readTree(line);
            if (action.has("add")) {
                Path file = file(action.path("add"));
                if (!liveFiles.add(file)) {
                    throw new IllegalStateException("version " + version + " adds " + file + " a second time");
                }
                if (Files.size(file) != action.path("add").path("size").asLong()) {
                    throw new IllegalStateException("the size of " + file + " is not what the log says");
                }
            } else if (action.has("remove")) {
                liveFiles.remove(file(action.path("remove")));
            } else if (action.has("txn")) {
                JsonNode txn = action.path("txn");
                transactions.add(new Transaction(
                        version, txn.path("appId").asText(), txn.path("version").asLong()));
            }
        }
    }

    private Path file(JsonNode action) {
        return table.resolve(
                URLDecoder.decode(action.path("path").asText().replace("+", "%2B"), StandardCharsets.UTF_8));
    }

    private List<Path> commits() throws IOException {
        try (Stream<Path> log = Files.list(table.resolve("_delta_log"))) {
            return log.filter(p -> p.getFileName().toString().matches("[0-9]{20}\\.json"))
                    .sorted()
                    .toList();
        }
    }

    /** A {@code txn} action: which version of the table took which batch of which query. */
    record Transaction(long tableVersion, String queryId, long batchId) {}

    /** How many rows there are and how many different events; the lowest and highest event. */
    record Count(long rows, long events, long first, long last) {
        /** What there is if each of the events {@code [0, n)} is there once. */
        static Count exactlyOnce(long n) {
            return new Count(n, n, 0, n - 1);
        }
    }
}
