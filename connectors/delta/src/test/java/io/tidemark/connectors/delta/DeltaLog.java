package io.tidemark.connectors.delta;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads a table's {@code _delta_log} from its JSON alone, sharing no code with what is tested. */
final class DeltaLog {
    private final Path table;
    private final ObjectMapper mapper = new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    DeltaLog(Path table) {
        this.table = table;
    }

    List<Path> commits() {
        try (Stream<Path> files = Files.list(table.resolve("_delta_log"))) {
            return files.filter(f -> f.getFileName().toString().matches("\\d{20}\\.json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<JsonNode> actions(int version) {
        List<JsonNode> actions = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(commits().get(version))) {
                actions.add(mapper.readTree(line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return actions;
    }

    List<JsonNode> actions(int version, String kind) {
        return actions(version).stream()
                .filter(a -> a.has(kind))
                .map(a -> a.get(kind))
                .toList();
    }

    JsonNode commitInfo(int version) {
        return actions(version).get(0).get("commitInfo");
    }

    /** Returns the add action of every file of the newest version, by the file's path on disk. */
    Map<Path, JsonNode> files() {
        Map<Path, JsonNode> files = new LinkedHashMap<>();
        for (int version = 0; version < commits().size(); version++) {
            for (JsonNode action : actions(version)) {
                if (action.has("remove")) {
                    files.remove(onDisk(action.get("remove")));
                } else if (action.has("add")) {
                    files.put(onDisk(action.get("add")), action.get("add"));
                }
            }
        }
        return files;
    }

    private Path onDisk(JsonNode file) {
        String path = file.get("path").textValue().replace("+", "%2B");
        return table.resolve(URLDecoder.decode(path, StandardCharsets.UTF_8));
    }

    JsonNode json(String text) {
        try {
            return mapper.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the transaction versions of an application, oldest first. */
    List<Long> transactions(String appId) {
        List<Long> versions = new ArrayList<>();
        for (int version = 0; version < commits().size(); version++) {
            for (JsonNode txn : actions(version, "txn")) {
                if (txn.get("appId").textValue().equals(appId)) {
                    versions.add(txn.get("version").longValue());
                }
            }
        }
        return versions;
    }

    /** Adds a column of text to the table, as somebody else would. */
    void addColumn(String name) {
        int newest = commits().size();
        try {
            ObjectNode line = mapper.createObjectNode();
            ObjectNode metaData = line.putObject("metaData")
                    .setAll((ObjectNode) actions(0, "metaData").get(0));
            ObjectNode schema = (ObjectNode) json(metaData.get("schemaString").textValue());
            schema.withArray("fields")
                    .addObject()
                    .put("name", name)
                    .put("type", "string")
                    .put("nullable", true)
                    .putObject("metadata");
            metaData.put("schemaString", schema.toString());
            Files.writeString(table.resolve("_delta_log/%020d.json".formatted(newest)), line + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
