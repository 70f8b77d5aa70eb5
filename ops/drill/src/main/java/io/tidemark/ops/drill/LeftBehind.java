package io.tidemark.ops.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files that a dead process left in a checkpoint and a table, read by a reader of its own: it shares no code with
 * what wrote them.
 *
 * @param offsets ids in {@code offsets/}
 * @param commits ids in {@code commits/}
 * @param epochs names in {@code _tidemark/epoch/}
 * @param prepared ids in {@code _tidemark/prepared/}
 * @param staged batches of which the table folder or {@code _tidemark/staged} holds data files
 * @param halfPublished temporary files of commits to the table's log
 * @param tableBatch the newest batch of this query that the table's log holds
 */
public record LeftBehind(
        SortedSet<Long> offsets,
        SortedSet<Long> commits,
        Set<String> epochs,
        SortedSet<Long> prepared,
        SortedSet<Long> staged,
        Set<String> halfPublished,
        OptionalLong tableBatch) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern BATCH_ID = Pattern.compile("0|[1-9][0-9]*");
    private static final Pattern COMMIT = Pattern.compile("[0-9]{20}\\.json");

    /** Reads what is there; either folder may be missing. */
    public static LeftBehind read(Path checkpoint, Path table) throws IOException {
        Path sidecar = checkpoint.resolve("_tidemark");
        SortedSet<Long> prepared = new TreeSet<>();
        for (String name : names(sidecar.resolve("prepared"))) {
            int dot = name.indexOf('.');
            batchId(dot > 0 ? name.substring(0, dot) : name).ifPresent(prepared::add);
        }
        String queryId = queryId(checkpoint);
        SortedSet<Long> staged = batchIds(sidecar.resolve("staged"));
        staged.addAll(stagedDataFiles(table, queryId));
        Set<String> halfPublished = new TreeSet<>();
        for (String name : names(table.resolve("_delta_log"))) {
            if (name.contains(".json") && !COMMIT.matcher(name).matches()) {
                halfPublished.add(name);
            }
        }
        return new LeftBehind(
                batchIds(checkpoint.resolve("offsets")),
                batchIds(checkpoint.resolve("commits")),
                names(sidecar.resolve("epoch")),
                prepared,
                staged,
                halfPublished,
                tableBatch(table, queryId));
    }

    /**
     * Names the window in which the process died.
     *
     * @param before what was there when it started: temporary files of earlier deaths do not count again
     */
    public RecoveryWindow window(LeftBehind before) {
        if (offsets.isEmpty()) {
            return epochs.isEmpty() ? RecoveryWindow.W0 : RecoveryWindow.W1;
        }
        long newest = offsets.last();
        Set<String> halfPublishedNow = new TreeSet<>(halfPublished);
        halfPublishedNow.removeAll(before.halfPublished);
        if (commits.contains(newest)) {
            return RecoveryWindow.W7;
        } else if (!halfPublishedNow.isEmpty()) {
            return RecoveryWindow.W5;
        } else if (tableBatch.isPresent() && tableBatch.getAsLong() >= newest) {
            return RecoveryWindow.W6;
        } else if (prepared.contains(newest)) {
            return RecoveryWindow.W4;
        }
        return staged.contains(newest) ? RecoveryWindow.W3 : RecoveryWindow.W2;
    }

    /** Returns whether everything but the epochs is as it was: whoever died in between had not moved anything on. */
    public boolean isAsFarAs(LeftBehind before) {
        return new LeftBehind(offsets, commits, before.epochs, prepared, staged, halfPublished, tableBatch)
                .equals(before);
    }

    /** Returns the batch ids in {@code directory}, none if it does not exist. */
    static SortedSet<Long> batchIds(Path directory) throws IOException {
        SortedSet<Long> ids = new TreeSet<>();
        for (String name : names(directory)) {
            batchId(name).ifPresent(ids::add);
        }
        return ids;
    }

    private static String queryId(Path checkpoint) throws IOException {
        Path metadata = checkpoint.resolve("metadata");
        return Files.exists(metadata)
                ? JSON.readTree(metadata.toFile()).path("id").asText()
                : "";
    }

    /** Data files are named {@code <queryId>-<batchId>-<attempt>…}; temporary ones may have a dot before that. */
    private static SortedSet<Long> stagedDataFiles(Path table, String queryId) throws IOException {
        SortedSet<Long> batches = new TreeSet<>();
        if (!Files.isDirectory(table) || queryId.isEmpty()) {
            return batches;
        }
        List<Path> files;
        try (Stream<Path> walk = Files.walk(table)) {
            files = walk.filter(p -> !p.startsWith(table.resolve("_delta_log"))).toList();
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            int at = name.indexOf(queryId + "-");
            if (at >= 0) {
                String rest = name.substring(at + queryId.length() + 1);
                int end = rest.indexOf('-');
                batchId(end > 0 ? rest.substring(0, end) : rest).ifPresent(batches::add);
            }
        }
        return batches;
    }

    private static OptionalLong tableBatch(Path table, String queryId) throws IOException {
        List<String> commits = new ArrayList<>(names(table.resolve("_delta_log")));
        commits.removeIf(name -> !COMMIT.matcher(name).matches());
        Collections.reverse(commits);
        for (String commit : commits) {
            for (String line : Files.readAllLines(table.resolve("_delta_log").resolve(commit))) {
                JsonNode txn = JSON.readTree(line).path("txn");
                if (txn.path("appId").asText().toLowerCase(Locale.ROOT).equals(queryId)) {
                    return OptionalLong.of(txn.path("version").asLong());
                }
            }
        }
        return OptionalLong.empty();
    }

    private static OptionalLong batchId(String name) {
        return BATCH_ID.matcher(name).matches() ? OptionalLong.of(Long.parseLong(name)) : OptionalLong.empty();
    }

    private static SortedSet<String> names(Path directory) throws IOException {
        SortedSet<String> names = new TreeSet<>();
        if (Files.isDirectory(directory)) {
            try (Stream<Path> children = Files.list(directory)) {
                children.forEach(p -> names.add(p.getFileName().toString()));
            }
        }
        return names;
    }
}
