package io.tidemark.connectors.delta;

import com.fasterxml.jackson.databind.JsonNode;
import io.delta.kernel.Snapshot;
import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Finds the data files under a table's path, and those of a query that no version and no staged batch needs. */
final class Leftovers {
    /** How {@link DeltaTaskWriter} names files: query, batch, attempt, task, retry, number. */
    private static final Pattern STAGED = Pattern.compile(
            "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-\\d+-.+-\\d{5}-\\d+-c\\d{3,}(\\.snappy|\\.zstd)?\\.parquet");

    private final Storage storage;
    private final String tablePath;

    Leftovers(Storage storage, String tablePath) {
        this.storage = storage;
        this.tablePath = tablePath;
    }

    /** Returns the relative paths of all files that are not hidden nor in hidden folders, ordered. */
    List<String> dataFiles() throws IOException {
        return files(name -> false);
    }

    /** Returns what {@link #dataFiles} does, and the hidden files outside hidden folders whose names pass. */
    private List<String> files(Predicate<String> hiddenToo) throws IOException {
        List<String> found = new ArrayList<>();
        walk("", hiddenToo, found);
        return found;
    }

    private void walk(String prefix, Predicate<String> hiddenToo, List<String> found) throws IOException {
        for (FileStatus file : storage.list(prefix.isEmpty() ? tablePath : tablePath + "/" + prefix)) {
            String name = file.name();
            boolean hidden = name.startsWith(".") || (name.startsWith("_") && !name.contains("="));
            if (hidden && (file.directory() || !hiddenToo.test(name))) {
                continue;
            }
            String relative = prefix.isEmpty() ? name : prefix + "/" + name;
            if (file.directory()) {
                walk(relative, hiddenToo, found);
            } else {
                found.add(relative);
            }
        }
    }

    private static String nameOf(String relativePath) {
        return relativePath.substring(relativePath.lastIndexOf('/') + 1);
    }

    /** Returns whether a name is that of a file that this query wrote for a batch up to {@code batchId}. */
    private static boolean isOfBatchUpTo(String queryId, long batchId, String name) {
        if (!name.startsWith(queryId + "-")) {
            return false;
        }
        int start = queryId.length() + 1;
        int end = name.indexOf('-', start);
        String batch = end < 0 ? "" : name.substring(start, end);
        return batch.matches("[0-9]{1,18}") && Long.parseLong(batch) <= batchId;
    }

    /** Returns whether a name is that of a file that this query had not finished: storage hides it until then. */
    private static boolean isUnfinishedOf(String queryId, String name) {
        return name.startsWith("." + queryId + "-") && name.endsWith(".tmp");
    }

    /** Returns whether a path is that of a file that some query of ours staged. */
    static boolean isStaged(String relativePath) {
        return STAGED.matcher(nameOf(relativePath)).matches();
    }

    /**
     * Removes the query's files that are not finished, or are of batches up to {@code committed} and not named by the
     * table: no commit that is still to come can name one of those, whoever makes it. And what anybody left unfinished in
     * the log. Returns how many. Files of {@code attemptsAlive} stay; an attempt that begins meanwhile must be in it before
     * its first file is made.
     *
     * @param stillOwner called between listing and deleting, see {@link io.tidemark.api.connector.Sink#removeLeftovers}
     */
    int remove(DeltaTable table, String queryId, long committed, Set<String> attemptsAlive, Runnable stillOwner)
            throws IOException {
        List<String> candidates = files(name -> isUnfinishedOf(queryId, name)).stream()
                .filter(f -> isUnfinishedOf(queryId, nameOf(f)) || isOfBatchUpTo(queryId, committed, nameOf(f)))
                .filter(f -> attemptsAlive.stream().noneMatch(f::contains))
                .toList();
        List<String> ofLog = table.log().unfinished();
        if (candidates.isEmpty() && ofLog.isEmpty()) {
            return 0;
        }
        stillOwner.run();
        int removed = 0;
        for (String path : ofLog) {
            storage.delete(path);
            removed++;
        }
        if (candidates.isEmpty()) {
            return removed;
        }
        Set<String> named = named(table, queryId);
        for (String candidate : candidates) {
            if (!named.contains(candidate)) {
                storage.delete(tablePath + "/" + candidate);
                removed++;
            }
        }
        return removed;
    }

    /** Removes the finished files whose names begin so. */
    void remove(String fileNameStart) throws IOException {
        for (String file : dataFiles()) {
            if (nameOf(file).startsWith(fileNameStart)) {
                storage.delete(tablePath + "/" + file);
            }
        }
    }

    private Set<String> named(DeltaTable table, String queryId) throws IOException {
        Set<String> named = new TreeSet<>();
        for (long version : table.log().versions()) {
            for (String line : table.log().lines(version).orElse(List.of())) {
                if (line.contains(queryId)) {
                    JsonNode action = table.log().parse(line, version);
                    for (String kind : List.of("add", "remove")) {
                        if (action.has(kind)) {
                            named.add(PartitionValues.fromUri(
                                    action.get(kind).path("path").asText()));
                        }
                    }
                }
            }
        }
        Optional<Snapshot> newest = table.refresh(queryId);
        newest.ifPresent(s -> table.forEachFile(s, f -> named.add(PartitionValues.fromUri(f.getPath()))));
        return named;
    }
}
