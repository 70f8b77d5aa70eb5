package io.tidemark.state.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.api.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SortedMap;
import java.util.zip.CRC32C;

/**
 * Spark 4.1's checksum of a file in a store's directory, in {@code <name>.crc} beside it:
 *
 * <pre>
 * {"algorithm":"CRC32C","value":i32,"mainFileSize":n,"timestampMs":t,"creator":{"executorId":"..","taskInfo":".."}}
 * </pre>
 *
 * A file without one is as good as before. Ours have no time in them and say in {@code taskInfo} which file they were made
 * for, so that a file that was swapped for another together with its checksum is found out.
 *
 * @param crc32c of the whole file as stored
 * @param length of the file in bytes
 * @param madeFor path below the checkpoint; empty if Spark wrote it
 */
public record SparkChecksumFile(int crc32c, long length, String madeFor) {
    /** Spark's conf that says whether they are written; yes by default. */
    public static final String CONF = "spark.sql.streaming.checkpoint.fileChecksum.enabled";

    static final String SUFFIX = ".crc";

    private static final String ALGORITHM = "CRC32C";
    private static final String US = "tidemark";

    /** Returns whether checksum files are to be written. */
    public static boolean isWritten(SortedMap<String, String> conf) {
        return Boolean.parseBoolean(conf.getOrDefault(CONF, "true"));
    }

    /** Returns the path of the checksum of {@code file}. */
    public static String path(String file) {
        return file + SUFFIX;
    }

    public byte[] encode() {
        ObjectNode json = StateJson.MAPPER.createObjectNode();
        json.put("algorithm", ALGORITHM)
                .put("value", crc32c)
                .put("mainFileSize", length)
                .put("timestampMs", 0);
        json.putObject("creator").put("executorId", US).put("taskInfo", madeFor);
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Returns what {@code content} says.
     *
     * @param file the checksum's own path, for errors
     */
    public static SparkChecksumFile decode(String file, byte[] content) {
        JsonNode json = StateJson.parse(file, StateJson.text(file, content));
        if (!json.path("value").canConvertToInt()
                || !json.path("value").isIntegralNumber()
                || !json.path("mainFileSize").canConvertToLong()
                || !json.path("mainFileSize").isIntegralNumber()) {
            throw StateFileException.corrupt(file, "it is not a checksum");
        } else if (!ALGORITHM.equals(json.path("algorithm").textValue())) {
            throw StateFileException.unsupported(
                    file, "its algorithm is not " + ALGORITHM, "Delete it to do without this check.");
        }
        boolean ours = US.equals(json.path("creator").path("executorId").textValue());
        return new SparkChecksumFile(
                json.path("value").intValue(),
                json.path("mainFileSize").longValue(),
                ours ? json.path("creator").path("taskInfo").asText() : "");
    }

    /**
     * Compares a file with this.
     *
     * @param file path below the checkpoint
     * @throws StateFileException if it is another file
     */
    public void verify(String file, byte[] content) {
        if (content.length != length) {
            throw StateFileException.corrupt(
                    file, "it has " + content.length + " bytes, its checksum file says " + length);
        }
        CRC32C crc = new CRC32C();
        crc.update(content);
        if ((int) crc.getValue() != crc32c) {
            throw StateFileException.corrupt(file, "it does not match its checksum file");
        } else if (!madeFor.isEmpty() && !madeFor.equals(file)) {
            throw StateFileException.corrupt(file, "it is '" + madeFor + "' in another place");
        }
    }

    /**
     * Reads the checksum of a file, if it has one.
     *
     * @param root of the checkpoint
     * @param file path below it
     */
    public static Optional<SparkChecksumFile> read(Storage storage, String root, String file) {
        String path = path(file);
        try {
            return storage.read(root + "/" + path).map(content -> decode(path, content));
        } catch (IOException e) {
            throw StateFileException.storage("read", path, e);
        }
    }
}
