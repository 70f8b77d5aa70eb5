package io.tidemark.state.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The entry {@code metadata} of a snapshot: {@code v1 LF json}, one line without an end.
 *
 * @param sstFiles the tables, which stand outside of the archive
 * @param logFiles archived write-ahead logs; Spark writes none
 * @param numKeys live keys but those of internal column families; -1 if nobody counted
 * @param numInternalKeys live keys of internal column families
 * @param columnFamilies name to id; empty if the store has none
 * @param internalFamilies name to whether it is internal
 * @param maxColumnFamilyId the highest id ever given
 */
public record SnapshotMetadata(
        List<RemoteFile> sstFiles,
        List<RemoteFile> logFiles,
        long numKeys,
        long numInternalKeys,
        SortedMap<String, Integer> columnFamilies,
        SortedMap<String, Boolean> internalFamilies,
        int maxColumnFamilyId) {
    /** The name of the entry. */
    public static final String ENTRY = "metadata";

    private static final String VERSION = "v1";

    public SnapshotMetadata {
        sstFiles = List.copyOf(sstFiles);
        logFiles = List.copyOf(logFiles);
        columnFamilies = Collections.unmodifiableSortedMap(new TreeMap<>(columnFamilies));
        internalFamilies = Collections.unmodifiableSortedMap(new TreeMap<>(internalFamilies));
    }

    /** A snapshot of a store without column families. */
    public SnapshotMetadata(List<RemoteFile> sstFiles, long numKeys) {
        this(sstFiles, List.of(), numKeys, 0, new TreeMap<>(), new TreeMap<>(), 0);
    }

    /**
     * A file of the database that stands outside of the archive.
     *
     * @param localName in the database's folder
     * @param remoteName in {@code SSTs/} or {@code logs/}
     * @param length exact, in bytes
     */
    public record RemoteFile(String localName, String remoteName, long length) {}

    public byte[] encode() {
        ObjectNode json = StateJson.MAPPER.createObjectNode();
        ArrayNode files = json.putArray("sstFiles");
        sstFiles.forEach(file -> files.addObject()
                .put("localFileName", file.localName())
                .put("dfsSstFileName", file.remoteName())
                .put("sizeBytes", file.length()));
        if (!logFiles.isEmpty()) {
            ArrayNode logs = json.putArray("logFiles");
            logFiles.forEach(file -> logs.addObject()
                    .put("localFileName", file.localName())
                    .put("dfsLogFileName", file.remoteName())
                    .put("sizeBytes", file.length()));
        }
        json.put("numKeys", numKeys).put("numInternalKeys", numInternalKeys);
        ObjectNode families = json.putObject("columnFamilyMapping");
        columnFamilies.forEach(families::put);
        ObjectNode internal = json.putObject("columnFamilyTypeMap");
        internalFamilies.forEach(internal::put);
        json.put("maxColumnFamilyId", maxColumnFamilyId);
        return (VERSION + "\n" + json).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Returns what {@code content} says; members that are not known are passed over.
     *
     * @param file the archive, for errors
     */
    public static SnapshotMetadata decode(String file, byte[] content) {
        String text = StateJson.text(file, content);
        int end = text.indexOf('\n');
        String version = end < 0 ? text : text.substring(0, end);
        if (!version.equals(VERSION)) {
            throw version.matches("v[0-9]+")
                    ? StateFileException.unsupported(
                            file, "its metadata is of version " + version, "Only v1 is read, as by Spark 4.1.")
                    : StateFileException.corrupt(file, "its metadata begins with no version");
        }
        JsonNode json = StateJson.parse(file, text.substring(end + 1));
        if (!json.path("sstFiles").isArray()
                || !isLong(json.path("numKeys"))
                || !(json.path("numInternalKeys").isMissingNode() || isLong(json.path("numInternalKeys")))) {
            throw StateFileException.corrupt(file, "its metadata names no SST files or no number of keys");
        }
        SortedMap<String, Integer> families = new TreeMap<>();
        for (Map.Entry<String, JsonNode> family :
                json.path("columnFamilyMapping").properties()) {
            families.put(family.getKey(), whole(file, family.getValue(), family.getKey()));
        }
        SortedMap<String, Boolean> internal = new TreeMap<>();
        for (Map.Entry<String, JsonNode> family :
                json.path("columnFamilyTypeMap").properties()) {
            if (!family.getValue().isBoolean()) {
                throw StateFileException.corrupt(
                        file, "its metadata does not say whether '" + family.getKey() + "' is internal");
            }
            internal.put(family.getKey(), family.getValue().booleanValue());
        }
        return new SnapshotMetadata(
                remote(file, json.path("sstFiles"), "dfsSstFileName"),
                remote(file, json.path("logFiles"), "dfsLogFileName"),
                json.path("numKeys").longValue(),
                json.path("numInternalKeys").longValue(),
                families,
                internal,
                json.has("maxColumnFamilyId") ? whole(file, json.path("maxColumnFamilyId"), "maxColumnFamilyId") : 0);
    }

    private static boolean isLong(JsonNode number) {
        return number.isIntegralNumber() && number.canConvertToLong();
    }

    private static int whole(String file, JsonNode number, String name) {
        if (number.isIntegralNumber() && number.canConvertToInt()) {
            return number.intValue();
        }
        throw StateFileException.corrupt(file, "'" + name + "' in its metadata is no whole number of 32 bits");
    }

    private static List<RemoteFile> remote(String file, JsonNode list, String nameField) {
        List<RemoteFile> files = new ArrayList<>();
        for (JsonNode entry : list) {
            String local = entry.path("localFileName").asText();
            String remote = entry.path(nameField).asText();
            long length =
                    isLong(entry.path("sizeBytes")) ? entry.path("sizeBytes").longValue() : -1;
            if (!SnapshotArchive.isTableOrLog(local) || !SnapshotArchive.isTableOrLog(remote) || length < 0) {
                throw StateFileException.corrupt(file, "its metadata names a file that cannot be: " + entry);
            }
            files.add(new RemoteFile(local, remote, length));
        }
        return files;
    }
}
