package io.tidemark.ops.drill.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A Delta table as its log tells it, version by version from 0, read without Kernel.
 *
 * @param commits the versions
 * @param rows of the live files, sorted
 * @param strays data files, finished or not, that no version ever named
 * @param problems what is wrong with the log or with the files that it names
 */
record TableLog(List<Commit> commits, List<String> rows, List<String> strays, List<String> problems) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern COMMIT = Pattern.compile("\\d{20}\\.json");

    /**
     * A version that took a batch.
     *
     * @param batchId of its {@code txn}
     * @param epoch of the writer
     * @param start where the batch's range starts, as JSON
     * @param end where it ends
     */
    record Commit(long version, String queryId, long batchId, long epoch, String start, String end) {}

    static TableLog read(Storage storage, String table, ParquetRows parquet) throws IOException {
        List<Commit> commits = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        TreeSet<String> named = new TreeSet<>();
        TreeSet<String> live = new TreeSet<>();
        int version = 0;
        for (FileStatus file : storage.list(table + "/_delta_log")) {
            if (!COMMIT.matcher(file.name()).matches()) {
                continue;
            }
            if (!file.name().equals(String.format(Locale.ROOT, "%020d.json", version))) {
                problems.add("version " + version + " of the table is missing before " + file.name());
                break;
            }
            Reader reader = new Reader(version, named, live, problems);
            String text = new String(read(storage, file.path()), StandardCharsets.UTF_8);
            for (String line : text.split("\n", -1)) {
                if (!line.isEmpty()) {
                    reader.action(JSON.readTree(line));
                }
            }
            reader.commit().ifPresent(commits::add);
            version++;
        }
        List<String> rows = new ArrayList<>();
        for (String path : live) {
            Optional<byte[]> bytes = storage.read(table + "/" + path);
            if (bytes.isEmpty()) {
                problems.add("the table names " + path + ", which is not there");
            } else {
                rows.addAll(rows(parquet, path, bytes.get(), problems));
            }
        }
        rows.sort(null);
        List<String> strays = storage.list(table).stream()
                .filter(f -> !f.directory() && f.name().contains(".parquet"))
                .map(FileStatus::name)
                .filter(name -> !named.contains(name))
                .collect(Collectors.toList());
        return new TableLog(commits, rows, strays, problems);
    }

    private static byte[] read(Storage storage, String path) throws IOException {
        return storage.read(path).orElseThrow(() -> new IOException("there is no " + path));
    }

    private static List<String> rows(ParquetRows parquet, String path, byte[] bytes, List<String> problems) {
        try {
            return parquet.of(bytes);
        } catch (IOException | RuntimeException e) {
            problems.add("the table names " + path + ", which cannot be read: " + e);
            return List.of();
        }
    }

    /** Gathers the actions of one version. */
    private static final class Reader {
        private final int version;
        private final TreeSet<String> named;
        private final TreeSet<String> live;
        private final List<String> problems;
        private String queryId = "";
        private long batchId = -1;
        private long epoch = -1;
        private String start = "";
        private String end = "";

        Reader(int version, TreeSet<String> named, TreeSet<String> live, List<String> problems) {
            this.version = version;
            this.named = named;
            this.live = live;
            this.problems = problems;
        }

        void action(JsonNode action) throws IOException {
            if (action.has("add")) {
                String path = path(action.path("add"));
                named.add(path);
                if (!live.add(path)) {
                    problems.add("version " + version + " adds " + path + " a second time");
                }
            } else if (action.has("remove")) {
                live.remove(path(action.path("remove")));
            } else if (action.has("txn")) {
                queryId = action.path("txn").path("appId").asText();
                batchId = action.path("txn").path("version").asLong();
            } else if (action.has("commitInfo")) {
                JsonNode tags = action.path("commitInfo").path("tags");
                epoch = tags.path("tidemark.epoch").asLong(-1);
                JsonNode range = JSON.readTree(
                                tags.path("tidemark.offsetRanges").asText("[]"))
                        .path(0);
                start = range.path("startOffset").toString();
                end = range.path("endOffset").toString();
            }
        }

        Optional<Commit> commit() {
            return batchId < 0
                    ? Optional.empty()
                    : Optional.of(new Commit(version, queryId, batchId, epoch, start, end));
        }

        private static String path(JsonNode action) {
            return URLDecoder.decode(action.path("path").asText().replace("+", "%2B"), StandardCharsets.UTF_8);
        }
    }
}
