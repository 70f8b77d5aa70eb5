package io.tidemark.checkpoint.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * The frame of every file in {@code _tidemark/}: one line of JSON that ends in its own checksum.
 *
 * <pre>
 * {"kind":"sealed","version":1, … ,"crc32c":"89abcdef"}
 * </pre>
 *
 * The checksum is CRC-32C over all bytes before {@code ,"crc32c"}, as eight hexadecimal digits. Any other byte, cut or
 * appended, is an error.
 */
final class SidecarEnvelope {
    private static final String TRAILER = ",\"crc32c\":\"%08x\"}";
    private static final int TRAILER_BYTES = ",\"crc32c\":\"01234567\"}".length();
    private static final int VERSION = 1;

    private SidecarEnvelope() {}

    static byte[] seal(String kind, Json.Body members) {
        String text = Json.write(json -> {
            json.writeStartObject();
            json.writeStringField("kind", kind);
            json.writeNumberField("version", VERSION);
            members.writeTo(json);
            json.writeEndObject();
        });
        String body = text.substring(0, text.length() - 1);
        return (body + trailer(body.getBytes(StandardCharsets.UTF_8))).getBytes(StandardCharsets.UTF_8);
    }

    static JsonObject open(String kind, byte[] content) throws MalformedJsonException {
        if (content.length <= TRAILER_BYTES) {
            throw new MalformedJsonException(content.length == 0 ? "it is empty" : "it is too short");
        }
        int bodyLength = content.length - TRAILER_BYTES;
        byte[] body = java.util.Arrays.copyOf(content, bodyLength);
        byte[] trailer = java.util.Arrays.copyOfRange(content, bodyLength, content.length);
        if (!java.util.Arrays.equals(trailer, trailer(body).getBytes(StandardCharsets.UTF_8))) {
            throw new MalformedJsonException("its checksum does not fit its content");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedJsonException("it is not UTF-8 text");
        }
        JsonObject object = JsonObject.parse(text);
        if (!object.text("kind").equals(kind)) {
            throw new MalformedJsonException("it is a '" + object.text("kind") + "' file, not '" + kind + "'");
        }
        if (object.number("version") != VERSION) {
            throw new MalformedJsonException(
                    "it has version " + object.number("version") + ", this program knows version " + VERSION);
        }
        return object;
    }

    private static String trailer(byte[] body) {
        CRC32C crc = new CRC32C();
        crc.update(body, 0, body.length);
        return String.format(Locale.ROOT, TRAILER, (int) crc.getValue());
    }

    /** Returns SHA-256 of {@code content} as 64 hexadecimal digits. */
    static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
