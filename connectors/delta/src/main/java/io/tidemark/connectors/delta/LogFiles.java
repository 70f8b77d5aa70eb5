package io.tidemark.connectors.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.FileStatus;
import io.tidemark.api.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of {@code _delta_log}, read without Kernel: which there are, and what a commit says about a query. */
final class LogFiles {
    /** Members of commitInfo's tags. */
    static final String EPOCH = "tidemark.epoch";

    static final String ATTEMPT = "tidemark.attemptUuid";
    static final String PREPARED_HASH = "tidemark.preparedHash";
    static final String OFFSET_RANGES = "tidemark.offsetRanges";

    /** Of a commit that sets the table back: the version whose content it brings back. */
    static final String REWOUND_TO = "tidemark.rewoundTo";

    private static final Pattern COMMIT = Pattern.compile("(0\\d{19})\\.json"); // more is no long
    private static final Pattern CHECKPOINT = Pattern.compile("(\\d{20})\\.checkpoint(\\..+)?\\.(parquet|json)");

    /** A file of the log that has not got its name; the version is missing in that of {@code _last_checkpoint}. */
    private static final Pattern UNFINISHED =
            Pattern.compile("\\.((\\d{20})\\..+|_last_checkpoint)\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.tmp");

    private final Storage storage;
    private final String logPath;

    LogFiles(Storage storage, String tablePath) {
        this.storage = storage;
        this.logPath = tablePath + "/_delta_log";
    }

    String commitPath(long version) {
        return logPath + "/" + String.format(Locale.ROOT, "%020d.json", version);
    }

    String lastCheckpointPath() {
        return logPath + "/_last_checkpoint";
    }

    /** Makes durable what others committed, and what we did without knowing it. */
    void makeDurable() throws IOException {
        storage.makeDurable(logPath);
    }

    /** Returns whether there is a commit or a checkpoint: a Delta table. */
    boolean exist() throws IOException {
        return storage.list(logPath).stream()
                .anyMatch(f -> COMMIT.matcher(f.name()).matches()
                        || CHECKPOINT.matcher(f.name()).matches());
    }

    /** Returns the paths of the newest checkpoint that is not among {@code known}; empty if there is none. */
    Set<String> newestCheckpointBesides(Set<String> known) throws IOException {
        Optional<String> version = checkpoints()
                .filter(f -> !known.contains(f.path()))
                .map(f -> f.name().substring(0, 20))
                .max(Comparator.naturalOrder());
        Set<String> paths = new TreeSet<>();
        if (version.isPresent()) {
            checkpoints().filter(f -> f.name().startsWith(version.get())).forEach(f -> paths.add(f.path()));
        }
        return paths;
    }

    private Stream<FileStatus> checkpoints() throws IOException {
        return storage.list(logPath).stream()
                .filter(f -> CHECKPOINT.matcher(f.name()).matches());
    }

    /** Returns the versions whose commit files are still there, ascending. */
    List<Long> versions() throws IOException {
        List<Long> versions = new ArrayList<>();
        for (FileStatus file : storage.list(logPath)) {
            Matcher matcher = COMMIT.matcher(file.name());
            if (matcher.matches()) {
                versions.add(Long.parseLong(matcher.group(1)));
            }
        }
        return versions;
    }

    /**
     * Returns the paths of unfinished files that nobody can need any more. A version that exists cannot be written again,
     * so whoever still holds on to such a file loses nothing but a race that is lost, or a checkpoint that he makes again.
     */
    List<String> unfinished() throws IOException {
        List<FileStatus> files = storage.list(logPath);
        long newest = files.stream()
                .map(f -> COMMIT.matcher(f.name()))
                .filter(Matcher::matches)
                .mapToLong(m -> Long.parseLong(m.group(1)))
                .max()
                .orElse(-1);
        List<String> unfinished = new ArrayList<>();
        for (FileStatus file : files) {
            Matcher name = UNFINISHED.matcher(file.name());
            if (name.matches() && (name.group(2) == null || Long.parseLong(name.group(2)) <= newest)) {
                unfinished.add(file.path());
            }
        }
        return unfinished;
    }

    /** Returns the lines of a commit, or empty if its file is not there. */
    Optional<List<String>> lines(long version) throws IOException {
        return storage.read(commitPath(version))
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8).lines().toList());
    }

    OptionalLong transactionOf(String queryId, List<String> lines, long version) {
        for (String line : lines) {
            if (line.contains("\"txn\"") && line.contains(queryId)) {
                JsonNode txn = parse(line, version).path("txn");
                if (queryId.equals(txn.path("appId").asText())) {
                    return OptionalLong.of(txn.path("version").asLong());
                }
            }
        }
        return OptionalLong.empty();
    }

    Writer writer(List<String> lines, long version) {
        for (String line : lines) {
            if (line.contains("\"commitInfo\"")) {
                JsonNode tags = parse(line, version).path("commitInfo").path("tags");
                if (tags.has(EPOCH)) {
                    return new Writer(
                            epoch(tags.path(EPOCH).asText(), version),
                            tags.path(PREPARED_HASH).asText(""));
                }
            }
        }
        return Writer.UNKNOWN;
    }

    private long epoch(String text, long version) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw corrupt(version, "the epoch of its writer is not a number", e);
        }
    }

    JsonNode parse(String line, long version) {
        try {
            return Json.parse(line);
        } catch (JsonProcessingException e) {
            throw corrupt(version, "it is not a Delta commit", e);
        }
    }

    /** Returns the error for a commit whose content makes no sense. */
    TidemarkException corrupt(long version, String problem) {
        return corrupt(version, problem, null);
    }

    private TidemarkException corrupt(long version, String problem, @Nullable Exception cause) {
        return new TidemarkException(
                ErrorCode.SINK_TABLE_CORRUPT,
                "Cannot read '" + commitPath(version) + "': " + problem + ". Restore the file from a backup.",
                cause);
    }

    /**
     * Who committed a batch.
     *
     * @param epoch of the writer, or -1 if not recorded
     * @param preparedHash or empty if not recorded
     */
    record Writer(long epoch, String preparedHash) {
        static final Writer UNKNOWN = new Writer(-1, "");
    }
}
