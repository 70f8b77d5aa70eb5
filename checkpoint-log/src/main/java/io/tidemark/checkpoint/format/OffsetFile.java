package io.tidemark.checkpoint.format;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tidemark.api.connector.Offset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The bytes of {@code offsets/N}: version 1 is written; versions 1 and 2 are read.
 *
 * <pre>
 * v1 LF metadata *( LF offset )             offset   = one line of JSON | "-"
 * v2 LF metadata *( LF id ":" offset )      metadata = one JSON object; may be empty in version 1
 * </pre>
 *
 * No LF stands at the end.
 */
public final class OffsetFile {
    private static final int NEWEST_VERSION = 2;
    private static final String NO_OFFSET = "-";

    private OffsetFile() {}

    /** Returns the bytes of {@code plan}, in version 1. */
    public static byte[] encode(BatchPlan plan) {
        if (!plan.sourceIds().isEmpty()) {
            throw new IllegalArgumentException("version 2 of the offset log is read, not written");
        }
        StringBuilder text = new StringBuilder("v1\n").append(metadata(plan.metadata()));
        for (Optional<Offset> offset : plan.offsets()) {
            text.append('\n').append(offset.map(Offset::json).orElse(NO_OFFSET));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Returns the plan in {@code content}.
     *
     * @param file for the error's text
     * @throws ControlFileException if the content is no offset log entry
     */
    public static BatchPlan decode(String file, long batchId, byte[] content) {
        String cure = "Restore it from a backup. If the sink does not hold batch " + batchId
                + ", deleting the file makes the next start plan that batch again.";
        List<String> lines = LogLines.split(LogLines.text(file, content, cure));
        int version = LogLines.version(file, lines.get(0), NEWEST_VERSION, cure);
        if (lines.size() < 2) {
            throw ControlFileException.corrupt(file, "it ends after its version line", cure);
        }
        try {
            OffsetSeqMetadata metadata = readMetadata(lines.get(1), version);
            List<Optional<Offset>> offsets = new ArrayList<>();
            List<String> ids = new ArrayList<>();
            for (String line : lines.subList(2, lines.size())) {
                String offset = line;
                if (version == 2) {
                    int colon = line.indexOf(':');
                    if (colon <= 0) {
                        throw new MalformedJsonException("line " + (offsets.size() + 3) + " names no source");
                    }
                    ids.add(line.substring(0, colon));
                    offset = line.substring(colon + 1);
                }
                offsets.add(readOffset(offset, offsets.size() + 3));
            }
            return new BatchPlan(batchId, metadata, offsets, ids);
        } catch (MalformedJsonException e) {
            throw ControlFileException.corrupt(file, e.getMessage(), cure);
        }
    }

    private static Optional<Offset> readOffset(String line, int number) throws MalformedJsonException {
        if (line.equals(NO_OFFSET)) {
            return Optional.empty();
        }
        try {
            Json.parse(line); // only the source understands it, but half a line is seen here
        } catch (MalformedJsonException e) {
            throw new MalformedJsonException("line " + number + " is neither an offset nor '-'");
        }
        return Optional.of(new Offset(line));
    }

    private static String metadata(OffsetSeqMetadata metadata) {
        return Json.write(json -> {
            json.writeStartObject();
            json.writeNumberField("batchWatermarkMs", metadata.batchWatermarkMs());
            json.writeNumberField("batchTimestampMs", metadata.batchTimestampMs());
            json.writeFieldName("conf");
            writeConf(json, metadata.conf());
            json.writeEndObject();
        });
    }

    private static void writeConf(JsonGenerator json, SortedMap<String, String> conf) throws IOException {
        json.writeStartObject();
        for (String key : ConfKeys.inWritingOrder(conf.keySet())) {
            json.writeStringField(key, conf.get(key));
        }
        json.writeEndObject();
    }

    private static OffsetSeqMetadata readMetadata(String line, int version) throws MalformedJsonException {
        if (line.isBlank()) {
            if (version > 1) {
                throw new MalformedJsonException("line 2, its metadata, is empty");
            }
            return new OffsetSeqMetadata(0, 0, new TreeMap<>()); // files of 2016 have none
        }
        JsonObject metadata = JsonObject.parse(line);
        TreeMap<String, String> conf = new TreeMap<>();
        if (metadata.has("conf")) {
            JsonObject stored = metadata.object("conf");
            for (String key : stored.names()) {
                conf.put(key, stored.text(key));
            }
        }
        return new OffsetSeqMetadata(
                metadata.number("batchWatermarkMs", 0), metadata.number("batchTimestampMs", 0), conf);
    }
}
