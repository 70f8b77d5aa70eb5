package io.tidemark.connectors.delta;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads Parquet files with DuckDB, the reader that shares no code with the writer. */
final class DuckDb implements AutoCloseable {
    private final Connection connection;

    DuckDb() {
        try {
            connection = DriverManager.getConnection("jdbc:duckdb:");
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET TimeZone='UTC'");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a query over {@code files}, which it names {@code FILES}; every value as DuckDB's text. */
    List<List<@Nullable String>> rows(Iterable<Path> files, String sql) {
        List<String> names = new ArrayList<>();
        files.forEach(f -> names.add("'" + f.toString().replace("'", "''") + "'"));
        if (names.isEmpty()) {
            return List.of();
        }
        String from = "read_parquet([" + String.join(",", names) + "], hive_partitioning=false)";
        List<List<@Nullable String>> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql.replace("FILES", from))) {
            int width = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<@Nullable String> row = new ArrayList<>();
                for (int i = 1; i <= width; i++) {
                    row.add(result.getString(i));
                }
                rows.add(row);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
        return rows;
    }

    /** Returns the rows of a table as DuckDB and the log's JSON have them, partition columns last, in no order. */
    static List<List<@Nullable String>> table(Path path, String... columns) {
        List<List<@Nullable String>> all = new ArrayList<>();
        try (DuckDb duck = new DuckDb()) {
            String list = List.of(columns).stream().map(c -> '"' + c + '"').collect(Collectors.joining(", "));
            for (Map.Entry<Path, JsonNode> file : new DeltaLog(path).files().entrySet()) {
                for (List<@Nullable String> row : duck.rows(List.of(file.getKey()), "SELECT " + list + " FROM FILES")) {
                    List<@Nullable String> wide = new ArrayList<>(row);
                    file.getValue().get("partitionValues").forEach(v -> wide.add(v.isNull() ? null : v.textValue()));
                    all.add(wide);
                }
            }
        }
        return all;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
