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
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads a Delta table without any of the libraries that wrote it: the log's JSON by Jackson, from version 0 on, and the
 * Parquet files that are live by DuckDB. The log's own checkpoints are not needed for that, and compared with it.
 */
public final class DeltaTableOracle {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern COMMIT = Pattern.compile("[0-9]{20}\\.json");
    private static final Pattern CHECKPOINT = Pattern.compile("[0-9]{20}\\.checkpoint\\.parquet");

    private final Path table;
    private final Set<Path> liveFiles = new TreeSet<>();
    private final List<Transaction> transactions = new ArrayList<>();
    private final int versions;

    private DeltaTableOracle(Path table, int until) throws IOException {
        this.table = table;
        List<Path> commits = files(COMMIT);
        versions = Math.min(until, commits.size());
        for (int version = 0; version < versions; version++) {
            Path expected = table.resolve("_delta_log").resolve(String.format("%020d.json", version));
            if (!commits.get(version).equals(expected)) {
                throw new IllegalStateException("version " + version + " is missing in " + table);
            }
            apply(version, commits.get(version));
        }
    }

    public static DeltaTableOracle read(Path table) throws IOException {
        return new DeltaTableOracle(table, Integer.MAX_VALUE);
    }

    /** Returns how many versions the table has. */
    public int versions() {
        return versions;
    }

    /** Returns the {@code txn} actions in the order of the log. */
    public List<Transaction> transactions() {
        return List.copyOf(transactions);
    }

    /** Returns what the live files hold, counted by the column {@code event_id}. */
    public Count countEvents() {
        List<List<String>> rows = rows("count(*), count(DISTINCT event_id), min(event_id), max(event_id)");
        if (rows.isEmpty()) {
            return new Count(0, 0, -1, -1);
        }
        List<Long> row = rows.get(0).stream().map(Long::parseLong).toList();
        return new Count(row.get(0), row.get(1), row.get(2), row.get(3));
    }

    /** Returns what a list of DuckDB's expressions gives over the live files, as DuckDB's text; no rows without files. */
    public List<List<String>> rows(String select) {
        List<List<String>> rows = new ArrayList<>();
        forEachRow(select, "", rows::add);
        return rows;
    }

    /**
     * As {@link #rows}, row after row.
     *
     * @param order what follows the files: {@code ORDER BY ...}, or nothing
     */
    public void forEachRow(String select, String order, Consumer<List<String>> reader) {
        if (!liveFiles.isEmpty()) {
            query(
                    "SELECT " + select + " FROM read_parquet(" + list(liveFiles) + ", hive_partitioning = false) "
                            + order,
                    reader);
        }
    }

    /**
     * Compares the newest checkpoint of the log, if it has one, with what the log's JSON says up to there.
     *
     * @return what differs, in one line; empty if nothing does
     */
    public Optional<String> checkpointDiffers() throws IOException {
        Optional<Path> newest = newest(CHECKPOINT);
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        String name = newest.get().getFileName().toString();
        int version = Integer.parseInt(name.substring(0, 20));
        Set<Path> said = new TreeSet<>();
        query("SELECT add.path FROM read_parquet(" + list(Set.of(newest.get())) + ") WHERE add IS NOT NULL", row -> {
            said.add(file(row.get(0)));
        });
        DeltaTableOracle then = new DeltaTableOracle(table, version + 1);
        if (said.equals(then.liveFiles)) {
            return Optional.empty();
        }
        Set<Path> more = new TreeSet<>(said);
        more.removeAll(then.liveFiles);
        Set<Path> less = new TreeSet<>(then.liveFiles);
        less.removeAll(said);
        return Optional.of(name + " has " + more.size() + " files that the log has not, and not " + less.size()
                + " that it has: " + more + " " + less);
    }

    private static String list(Set<Path> files) {
        return files.stream()
                .map(file -> "'" + file.toString().replace("'", "''") + "'")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static void query(String sql, Consumer<List<String>> reader) {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            int width = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> row = new ArrayList<>(width);
                for (int i = 1; i <= width; i++) {
                    row.add(String.valueOf(result.getString(i)));
                }
                reader.accept(row);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void apply(int version, Path commit) throws IOException {
        JsonNode tags = JSON.nullNode();
        for (String line : Files.readAllLines(commit)) {
            JsonNode action = JSON.readTree(line);
            if (action.has("commitInfo")) {
                tags = action.path("commitInfo").path("tags");
            }
            if (action.has("add")) {
                Path file = file(action.path("add").path("path").asText());
                if (!liveFiles.add(file)) {
                    throw new IllegalStateException("version " + version + " adds " + file + " a second time");
                }
                if (Files.size(file) != action.path("add").path("size").asLong()) {
                    throw new IllegalStateException("the size of " + file + " is not what the log says");
                }
            } else if (action.has("remove")) {
                liveFiles.remove(file(action.path("remove").path("path").asText()));
            } else if (action.has("txn")) {
                JsonNode txn = action.path("txn");
                transactions.add(new Transaction(
                        version,
                        txn.path("appId").asText(),
                        txn.path("version").asLong(),
                        tags.path("tidemark.offsetRanges").asText("")));
            }
        }
    }

    private Path file(String path) {
        return table.resolve(URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8));
    }

    private Optional<Path> newest(Pattern name) throws IOException {
        List<Path> all = files(name);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    }

    private List<Path> files(Pattern name) throws IOException {
        try (Stream<Path> log = Files.list(table.resolve("_delta_log"))) {
            return log.filter(p -> name.matcher(p.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
    }

    /**
     * A {@code txn} action: which version of the table took which batch of which query.
     *
     * @param offsetRanges what the commit says it read, as Tidemark writes it; empty if it does not say
     */
    public record Transaction(long tableVersion, String queryId, long batchId, String offsetRanges) {}

    /** How many rows there are and how many different events; the lowest and highest event. */
    public record Count(long rows, long events, long first, long last) {
        /** What there is if each of the events {@code [0, n)} is there once. */
        public static Count exactlyOnce(long n) {
            return new Count(n, n, 0, n - 1);
        }
    }
}
