package io.tidemark.checkpoint.format;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The bytes of {@code metadata}: <code>{"id":"…"}</code>, no version line, no LF. */
public final class MetadataFile {
    private static final String CURE =
            "Restore it from a backup: the query id in it keeps the sink from taking a batch twice. "
                    + "The id also stands in the files of _tidemark/sealed and in the Delta log.";

    private MetadataFile() {}

    /** Returns the bytes of {@code metadata}. */
    public static byte[] encode(StreamMetadata metadata) {
        return ("{\"id\":\"" + metadata.queryId() + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Returns the metadata in {@code content}.
     *
     * @param file for the error's text
     * @throws ControlFileException if the content is something else
     */
    public static StreamMetadata decode(String file, byte[] content) {
        String text = LogLines.text(file, content, CURE);
        try {
            String id = JsonObject.parse(text).text("id");
            UUID uuid = UUID.fromString(id);
            if (!uuid.toString().equals(id)) {
                throw ControlFileException.corrupt(file, "its id '" + id + "' is not a canonical UUID", CURE);
            }
            return new StreamMetadata(uuid);
        } catch (MalformedJsonException e) {
            throw ControlFileException.corrupt(file, e.getMessage(), CURE);
        } catch (IllegalArgumentException e) {
            throw ControlFileException.corrupt(file, "its id is not a UUID", CURE);
        }
    }
}
