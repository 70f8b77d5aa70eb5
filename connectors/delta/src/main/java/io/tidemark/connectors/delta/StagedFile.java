package io.tidemark.connectors.delta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidemark.api.storage.InnerPath;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A durable data file that no table version names yet.
 *
 * @param path relative to the table, as it is on storage (not a URI)
 * @param rows its number of rows
 * @param partitionValues by column in the table's order; null for null
 * @param stats Delta's statistics as one line of JSON
 */
record StagedFile(
        String path,
        long size,
        long modificationTime,
        long rows,
        long crc32c,
        Map<String, @Nullable String> partitionValues,
        String stats) {
    StagedFile {
        partitionValues = Collections.unmodifiableMap(new LinkedHashMap<>(partitionValues));
    }

    ObjectNode toJson() {
        ObjectNode json = Json.object();
        json.put("path", path)
                .put("size", size)
                .put("modificationTime", modificationTime)
                .put("rows", rows)
                .put("crc32c", crc32c);
        ObjectNode values = json.putObject("partitionValues");
        partitionValues.forEach(values::put);
        return json.put("stats", stats);
    }

    static StagedFile fromJson(JsonNode json) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        json.required("partitionValues")
                .properties()
                .forEach(e -> values.put(
                        e.getKey(), e.getValue().isNull() ? null : e.getValue().textValue()));
        return new StagedFile(
                inner(json.required("path").textValue()),
                json.required("size").longValue(),
                json.required("modificationTime").longValue(),
                json.required("rows").longValue(),
                json.required("crc32c").longValue(),
                values,
                json.required("stats").textValue());
    }

    private static String inner(@Nullable String path) {
        Optional<String> problem = path == null ? Optional.of("is no text") : InnerPath.problemOf(path);
        if (path == null || problem.isPresent()) {
            throw new IllegalArgumentException("it names the data file '" + path + "', which " + problem.orElse(""));
        }
        return path;
    }
}
