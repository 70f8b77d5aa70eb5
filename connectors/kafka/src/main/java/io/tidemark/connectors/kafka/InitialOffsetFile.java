package io.tidemark.connectors.kafka;

import io.tidemark.api.connector.Offset;
import io.tidemark.api.error.ErrorCode;
import io.tidemark.api.error.TidemarkException;
import io.tidemark.api.storage.Storage;
import io.tidemark.api.storage.StorageFullException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.Optional;

/**
 * {@code sources/K/0}: where a fresh query started. A zero byte, {@code v1}, LF, the offset line; no LF at the end.
 */
final class InitialOffsetFile {
    private static final String HEADER = "v1\n";

    private final Storage storage;
    private final String path;

    InitialOffsetFile(Storage storage, String directory) {
        this.storage = storage;
        this.path = directory + "/0";
    }

    /** Returns what was stored, or empty. */
    Optional<Offset> read() {
        try {
            return storage.read(path).map(this::decode);
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    /** Stores the first offset and returns it; if one was stored meanwhile, that one counts. */
    Offset store(Offset first) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(0); // stops readers of Spark 2.1, which take it for an unknown format
        bytes.writeBytes((HEADER + first.json()).getBytes(StandardCharsets.UTF_8));
        try {
            storage.createExclusive(path, bytes.toByteArray());
            return first;
        } catch (FileAlreadyExistsException e) {
            return read().orElseThrow(() -> failed("read", e));
        } catch (IOException e) {
            throw failed("write", e);
        }
    }

    private Offset decode(byte[] bytes) {
        if (bytes.length < 2 || bytes[0] != 0) {
            throw corrupt("it is empty or does not start with a zero byte");
        }
        String text = text(bytes);
        if (text.startsWith("v")) {
            int lineEnd = text.indexOf('\n');
            if (lineEnd < 0) {
                throw corrupt("it ends after its version line");
            }
            String version = text.substring(0, lineEnd).trim();
            if (!version.equals("v1")) {
                throw new TidemarkException(
                        ErrorCode.CHECKPOINT_VERSION_UNSUPPORTED,
                        "The initial Kafka offsets " + path + " have version '" + version
                                + "', known is v1. They were written by a newer engine: use that one.");
            }
            text = text.substring(lineEnd + 1);
        }
        try {
            Offset offset = new Offset(text.trim());
            KafkaOffsets.readLogged(offset.json());
            return offset;
        } catch (IllegalArgumentException e) {
            throw corrupt(String.valueOf(e.getMessage()));
        }
    }

    private String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 1, bytes.length - 1))
                    .toString();
        } catch (CharacterCodingException e) {
            throw corrupt("it is not UTF-8 text");
        }
    }

    private TidemarkException corrupt(String why) {
        return new TidemarkException(
                ErrorCode.CHECKPOINT_FILE_CORRUPT,
                "The initial Kafka offsets " + path + " cannot be read: " + why
                        + ". Restore the file from a backup; without it a fresh query would start elsewhere.");
    }

    private TidemarkException failed(String verb, IOException e) {
        if (e instanceof StorageFullException) {
            return new TidemarkException(
                    ErrorCode.STORAGE_FULL,
                    "Cannot " + verb + " the initial Kafka offsets '" + path
                            + "': no space is left. Free some and start again; nothing was lost.",
                    e);
        }
        return new TidemarkException(
                ErrorCode.STORAGE_FAILED,
                "Cannot " + verb + " the initial Kafka offsets " + path + ": " + e.getMessage()
                        + ". Check the checkpoint's storage and start again.",
                e);
    }
}
