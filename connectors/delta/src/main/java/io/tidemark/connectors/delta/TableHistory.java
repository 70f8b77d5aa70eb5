package io.tidemark.connectors.delta;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidemark.connectors.delta.LogFiles.Writer;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the log of a table tells of one query, from the newest version back. RESTORE brings an older content back and
 * leaves the ledger alone; a rewind of the query brings both back. What stood between is no part of the table's content:
 * {@link #effective} passes over it.
 */
final class TableHistory {
    private static final long UNKNOWN_VERSION = -1;

    private final LogFiles log;
    private final String queryId;

    TableHistory(LogFiles log, String queryId) {
        this.log = log;
        this.queryId = queryId;
    }

    /**
     * A version.
     *
     * @param batch in the query's transaction; empty if the version is not the query's
     * @param writer who committed the batch
     * @param changesRows whether it adds or removes rows, other than by writing the same ones anew
     * @param restoredTo of a RESTORE: the version whose content came back, -1 if it does not say
     * @param rewoundTo of a rewind of the query: the version whose content came back
     * @param who operation, engine and time, for people
     */
    record Version(
            long version,
            OptionalLong batch,
            Writer writer,
            boolean changesRows,
            OptionalLong restoredTo,
            OptionalLong rewoundTo,
            String who) {
        /** Returns the version whose content this one brings back. */
        OptionalLong backTo() {
            return rewoundTo.isPresent() ? rewoundTo : restoredTo;
        }
    }

    /**
     * The commit that put the newest batch into the ledger.
     *
     * @param writer nothing recorded if another engine wrote it or its file is gone
     * @param restored the RESTORE after it that brought back what was before it, or null
     */
    record Newest(Writer writer, @Nullable Version restored) {}

    /** Looks backwards from {@code newestVersion} for the commit that holds transaction {@code batchId}. */
    Newest newest(long batchId, long newestVersion) throws IOException {
        List<Version> restores = new ArrayList<>();
        for (long at = newestVersion; at >= 0; at--) {
            Optional<Version> version = read(at);
            if (version.isEmpty()) {
                break;
            }
            if (version.get().restoredTo().isPresent()) {
                restores.add(version.get());
            }
            if (version.get().batch().stream().anyMatch(b -> b == batchId)) {
                long committed = at;
                Version first = restores.stream()
                        .filter(r -> r.restoredTo().getAsLong() < committed)
                        .findFirst()
                        .orElse(null);
                return new Newest(version.get().writer(), first);
            }
        }
        return new Newest(Writer.UNKNOWN, null);
    }

    /**
     * Returns the versions that make up the content of {@code newestVersion}, newest first, down to the first that passes,
     * or as far as the log goes.
     */
    List<Version> effective(long newestVersion, Predicate<Version> last) throws IOException {
        List<Version> versions = new ArrayList<>();
        for (long at = newestVersion; at >= 0; ) {
            Optional<Version> version = read(at);
            if (version.isEmpty()) {
                break;
            }
            versions.add(version.get());
            if (last.test(version.get())) {
                break;
            }
            OptionalLong back = version.get().backTo();
            if (back.isPresent() && back.getAsLong() == UNKNOWN_VERSION) {
                break;
            }
            if (back.isPresent() && back.getAsLong() >= at) {
                throw log.corrupt(
                        at, "it sets the table back to version " + back.getAsLong() + ", which is no earlier one");
            }
            at = back.isPresent() ? back.getAsLong() : at - 1;
        }
        return versions;
    }

    private Optional<Version> read(long version) throws IOException {
        Optional<List<String>> lines = log.lines(version);
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        OptionalLong batch = log.transactionOf(queryId, lines.get(), version);
        JsonNode info = info(lines.get(), version);
        String operation = info.path("operation").asText("");
        OptionalLong restoredTo = operation.equals("RESTORE")
                ? OptionalLong.of(
                        info.path("operationParameters").path("version").asLong(UNKNOWN_VERSION))
                : OptionalLong.empty();
        JsonNode rewound = info.path("tags").path(LogFiles.REWOUND_TO);
        return Optional.of(new Version(
                version,
                batch,
                batch.isPresent() ? log.writer(lines.get(), version) : Writer.UNKNOWN,
                changesRows(lines.get(), version),
                restoredTo,
                batch.isPresent() && rewound.isTextual() ? OptionalLong.of(rewound.asLong()) : OptionalLong.empty(),
                who(operation, info)));
    }

    private JsonNode info(List<String> lines, long version) {
        for (String line : lines) {
            if (line.contains("\"commitInfo\"")) {
                return log.parse(line, version).path("commitInfo");
            }
        }
        return Json.object();
    }

    private boolean changesRows(List<String> lines, long version) {
        for (String line : lines) {
            if (line.startsWith("{\"add\"") || line.startsWith("{\"remove\"") || line.startsWith("{\"cdc\"")) {
                JsonNode action = log.parse(line, version).elements().next();
                if (action.path("dataChange").asBoolean(true)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String who(String operation, JsonNode info) {
        String engine = info.path("engineInfo").asText("");
        String user = info.path("userName").asText(info.path("userId").asText(""));
        String appId = info.path("operationParameters").path("queryId").asText("");
        return (operation.isEmpty() ? "an unnamed operation" : operation)
                + (engine.isEmpty() ? "" : " by " + engine)
                + (user.isEmpty() ? "" : ", user " + user)
                + (appId.isEmpty() ? "" : ", query " + appId)
                + (info.has("timestamp")
                        ? " at " + Instant.ofEpochMilli(info.path("timestamp").asLong())
                        : "");
    }
}
