package io.tidemark.checkpoint.format;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of {@code commits/N}: {@code v1 LF json} or, with state ids, {@code v2 LF json}; versions 1 to 3 are read.
 *
 * <p>A file that ends after its version line is what Spark before 2.4 and a torn write leave: {@link #hasBody} tells it
 * apart, the log decides.
 */
public final class CommitFile {
    private static final int NEWEST_VERSION = 3;

    private CommitFile() {}

    /** Returns the bytes of a commit: version 1 without state ids, version 2 with. */
    public static byte[] encode(CommitMetadata commit) {
        SortedMap<Long, List<List<String>>> ids = commit.stateUniqueIds();
        String json = Json.write(out -> {
            out.writeStartObject();
            out.writeNumberField("nextBatchWatermarkMs", commit.nextBatchWatermarkMs());
            if (ids != null) {
                out.writeObjectFieldStart("stateUniqueIds");
                for (Long operator : ScalaMapOrder.of(ids.keySet(), id -> id.hashCode())) {
                    out.writeArrayFieldStart(operator.toString());
                    for (List<String> stores : ids.get(operator)) {
                        out.writeStartArray();
                        for (String id : stores) {
                            out.writeString(id);
                        }
                        out.writeEndArray();
                    }
                    out.writeEndArray();
                }
                out.writeEndObject();
            }
            out.writeEndObject();
        });
        return ((ids == null ? "v1\n" : "v2\n") + json).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Returns the commit in {@code content}; a missing second line counts as an empty object.
     *
     * @param file for the error's text
     * @throws ControlFileException if the content is no commit log entry
     */
    public static CommitMetadata decode(String file, long batchId, byte[] content) {
        String cure = cure(batchId);
        List<String> lines = LogLines.split(LogLines.text(file, content, cure));
        int version = LogLines.version(file, lines.get(0).trim(), NEWEST_VERSION, cure);
        if (lines.size() > 2) {
            throw ControlFileException.corrupt(file, "it has more than two lines", cure);
        }
        try {
            JsonObject json = JsonObject.parse(lines.size() < 2 ? "{}" : lines.get(1));
            return new CommitMetadata(json.number("nextBatchWatermarkMs", 0), stateIds(json, version));
        } catch (MalformedJsonException e) {
            throw ControlFileException.corrupt(file, e.getMessage(), cure);
        }
    }

    /** Returns whether {@code content} goes on after its version line. */
    public static boolean hasBody(byte[] content) {
        return LogLines.split(new String(content, StandardCharsets.UTF_8)).size() > 1;
    }

    /** Returns what to do about a damaged {@code commits/N}. */
    public static String cure(long batchId) {
        return "Restore it from a backup, or delete it so that the next start finishes batch " + batchId
                + " again: a sink that keeps a ledger takes it only once.";
    }

    private static @Nullable SortedMap<Long, List<List<String>>> stateIds(JsonObject json, int version)
            throws MalformedJsonException {
        if (!json.has("stateUniqueIds")) {
            return version == 2 ? new TreeMap<>() : null;
        }
        JsonObject stored = json.object("stateUniqueIds");
        TreeMap<Long, List<List<String>>> ids = new TreeMap<>();
        for (String operator : stored.names()) {
            if (!BatchIds.isCanonical(operator)) {
                throw new MalformedJsonException("'" + operator + "' in 'stateUniqueIds' is not an operator id");
            }
            List<List<String>> partitions = new ArrayList<>();
            for (Object partition : stored.list(operator)) {
                List<String> stores = new ArrayList<>();
                if (partition instanceof List<?> list) {
                    for (Object id : list) {
                        if (!(id instanceof String text)) {
                            throw new MalformedJsonException("'stateUniqueIds' holds something that is no text");
                        }
                        stores.add(text);
                    }
                } else {
                    throw new MalformedJsonException("'stateUniqueIds' holds a partition that is no array");
                }
                partitions.add(stores);
            }
            ids.put(BatchIds.parse(operator), partitions);
        }
        return ids;
    }
}
