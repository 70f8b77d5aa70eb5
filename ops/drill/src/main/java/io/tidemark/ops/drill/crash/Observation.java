package io.tidemark.ops.drill.crash;

import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/**
 * What a query left, read from its files alone.
 *
 * @param table see {@link TableLog}
 * @param planned watermarks of the batches in {@code offsets/}, milliseconds
 * @param ends where the batches in {@code offsets/} end, as JSON
 * @param committed next watermarks of the batches in {@code commits/}
 * @param epochs in {@code _tidemark/epoch}, ascending
 * @param changelogs checksums of the changelogs, by their paths in the checkpoint
 * @param remnants files that a run that came to its end must not leave
 * @param files of checkpoint and table, how many in each folder
 */
record Observation(
        TableLog table,
        SortedMap<Long, Long> planned,
        SortedMap<Long, String> ends,
        SortedMap<Long, Long> committed,
        List<Long> epochs,
        SortedMap<String, Long> changelogs,
        List<String> remnants,
        SortedMap<String, Integer> files) {
    private static final Pattern PLANNED = Pattern.compile("\"batchWatermarkMs\":(\\d+)");
    private static final Pattern COMMITTED = Pattern.compile("\"nextBatchWatermarkMs\":(\\d+)");
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /** Looks at a checkpoint and a table on one storage. */
    static Observation of(Storage storage, String checkpoint, String table, ParquetRows parquet) throws IOException {
        List<String> all = new ArrayList<>();
        walk(storage, checkpoint, all);
        SortedMap<String, Long> changelogs = new TreeMap<>();
        List<String> remnants = new ArrayList<>();
        for (String path : all) {
            String relative = path.substring(checkpoint.length() + 1);
            if (relative.startsWith("state/") && relative.endsWith(".changelog")) {
                changelogs.put(relative, checksum(storage.read(path).orElseThrow()));
            }
            if (relative.startsWith("_tidemark/tmp/")
                    || relative.startsWith("_tidemark/staged/")
                    || relative.endsWith(".tmp")) {
                remnants.add(relative);
            }
        }
        List<String> ofTable = new ArrayList<>();
        walk(storage, table, ofTable);
        ofTable.stream()
                .map(path -> path.substring(table.length() + 1))
                .filter(path -> path.startsWith("_delta_log/") && path.endsWith(".tmp"))
                .forEach(path -> remnants.add("table/" + path));
        return new Observation(
                TableLog.read(storage, table, parquet),
                watermarks(storage, checkpoint + "/offsets", PLANNED),
                ends(storage, checkpoint + "/offsets"),
                watermarks(storage, checkpoint + "/commits", COMMITTED),
                numbers(storage, checkpoint + "/_tidemark/epoch"),
                changelogs,
                remnants,
                byFolder(checkpoint, all, table, ofTable));
    }

    private static SortedMap<String, Integer> byFolder(
            String checkpoint, List<String> ofCheckpoint, String table, List<String> ofTable) {
        SortedMap<String, Integer> counts = new TreeMap<>();
        ofCheckpoint.forEach(path ->
                counts.merge(path.substring(checkpoint.length() + 1, path.lastIndexOf('/') + 1), 1, Integer::sum));
        ofTable.forEach(
                path -> counts.merge("table" + path.substring(table.length(), path.lastIndexOf('/')), 1, Integer::sum));
        return counts;
    }

    /** Returns how many files there are. */
    int fileCount() {
        return files.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Returns the highest batch with an entry in {@code commits/}, or -1. */
    long newestCommit() {
        return committed.isEmpty() ? -1 : committed.lastKey();
    }

    private static void walk(Storage storage, String directory, List<String> files) throws IOException {
        for (FileStatus file : storage.list(directory)) {
            if (file.directory()) {
                walk(storage, file.path(), files);
            } else {
                files.add(file.path());
            }
        }
    }

    private static SortedMap<Long, Long> watermarks(Storage storage, String log, Pattern watermark) throws IOException {
        SortedMap<Long, Long> watermarks = new TreeMap<>();
        for (long batch : numbers(storage, log)) {
            Optional<byte[]> bytes = storage.read(log + "/" + batch);
            Matcher found = watermark.matcher(
                    bytes.map(b -> new String(b, StandardCharsets.UTF_8)).orElse(""));
            watermarks.put(batch, found.find() ? Long.parseLong(found.group(1)) : -1);
        }
        return watermarks;
    }

    /** Returns the third lines: version and metadata stand above those of the only source. */
    private static SortedMap<Long, String> ends(Storage storage, String log) throws IOException {
        SortedMap<Long, String> ends = new TreeMap<>();
        for (long batch : numbers(storage, log)) {
            String text = new String(storage.read(log + "/" + batch).orElseThrow(), StandardCharsets.UTF_8);
            text.lines().skip(2).findFirst().ifPresent(line -> ends.put(batch, line));
        }
        return ends;
    }

    private static List<Long> numbers(Storage storage, String directory) throws IOException {
        return storage.list(directory).stream()
                .map(FileStatus::name)
                .filter(name -> NUMBER.matcher(name).matches())
                .map(Long::valueOf)
                .sorted()
                .collect(Collectors.toList());
    }

    private static long checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return crc.getValue();
    }
}
